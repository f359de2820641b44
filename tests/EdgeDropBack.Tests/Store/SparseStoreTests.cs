using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeDropBack.Store;

namespace EdgeDropBack.Tests.Store;

public sealed class SparseStoreTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EverythingComesBackBitForBit()
    {
        string path = _folder["a.edb"];
        SparseStore written = StoreSamples.Full();
        string sha256 = SparseStore.Write(path, written);
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), sha256);
        Assert.Equal(bytes, written.ToBytes());

        SparseStore read = SparseStore.OpenFor(path, StoreSamples.Model, StoreSamples.Tensors);
        Assert.Equal(StoreMetaText.Encode(written.Meta, 2), StoreMetaText.Encode(read.Meta, 2));
        Assert.Equal(0.9 * 0.9 * 0.9, read.Meta.InitDecayFactor);
        Assert.Equal(1.0 / 3, read.Meta.BestLoss);
        Assert.Equal(written.Meta.Notes, read.Meta.Notes);
        Assert.Equal("x", read.Meta.Note("labels"));
        Assert.Null(read.Meta.Note("none"));
        Assert.True(written.Tracked.HasTensors(read.Tracked));
        Assert.Equal(written.Bases, read.Bases);
        Assert.Equal(written.ScoreScales, read.ScoreScales);
        Assert.Equal(2, read.RunningStatistics.Count);
        Assert.Equal([1f, 2f, 3f], read.RunningStatistics[0].Values);
        Assert.Equal("bn.var", read.RunningStatistics[1].Name);
        Assert.Equal(2, read.Tracked.OptimizerSlots);
        Assert.Equal(written.Tracked.OptimizerState(1).ToArray(), read.Tracked.OptimizerState(1).ToArray());
        Assert.Equal([1, 2, 3], read.Resume[0].Bytes);
        Assert.Equal(1.5f, SparseStore.Parse(read.Resume[1].Bytes, "best").Tracked[0].Values[0]);
        Assert.Equal(bytes, read.ToBytes());
    }

    [Fact]
    public void RandomStoresComeBackAndStayWithinTheirBound()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            SparseStore store = StoreSamples.Random(seed);
            byte[] bytes = store.ToBytes();
            long tiles = store.Tracked.Tensors.Sum(tensor => (long)tensor.TileCount);
            long bound = (6L * store.Tracked.Count) + (4 * tiles) + (64L * store.Tracked.Tensors.Count) + 4096;
            Assert.True(bytes.Length <= bound, $"seed {seed}: {bytes.Length} > {bound}");
            SparseStore read = SparseStore.Parse(bytes, "random");
            Assert.Equal(bytes, read.ToBytes());
            foreach ((TrackedValues a, TrackedValues b) in store.Tracked.Tensors.Zip(read.Tracked.Tensors))
            {
                Assert.Equal(a.TileStarts.ToArray(), b.TileStarts.ToArray());
                Assert.Equal(a.Indices.ToArray(), b.Indices.ToArray());
                Assert.Equal(MemoryMarshal.AsBytes(a.Values).ToArray(), MemoryMarshal.AsBytes(b.Values).ToArray());
            }
        }
    }

    [Fact]
    public void MetaOfTheLargestSizeStaysWithinTheFourKilobytes()
    {
        string text = new('t', 32);
        SparseStore store = StoreSamples.Full();
        store = new SparseStore
        {
            Tracked = new TrackedSet([new(new string('n', 1024), 1)], 0),
            Bases = [TensorBase.Mapped],
            Meta = new StoreMeta
            {
                ModelSha256 = StoreSamples.Model,
                Seed = ulong.MaxValue,
                Budget = int.MinValue,
                TrainableCount = long.MinValue,
                BatchSize = int.MinValue,
                Mode = text,
                SelectMode = text,
                ScoreMode = text,
                Optimizer = text,
                Loss = text,
                BatchNorm = text,
                Schedule = new string('s', 128),
                NewHeadClasses = int.MinValue,
                Step = long.MinValue,
                TotalSteps = long.MinValue,
                Epoch = int.MinValue,
                Cursor = long.MinValue,
                LearningRate = -1.1754942E-38f,
                LearningRateReductions = int.MinValue,
                LossScale = -1.1754942E-38f,
                Momentum = -1.1754942E-38f,
                Clip = -1.1754942E-38f,
                InitDecay = 2.2250738585072014E-308,
                InitDecayFactor = 2.2250738585072014E-308,
                Threshold = -1.1754942E-38f,
                FreezeStep = long.MinValue,
                BestLoss = -double.MaxValue,
                BestAccuracy = -double.MaxValue,
                BestStep = long.MinValue,
            }.WithNote("n", new string('v', 1016)),
        };
        byte[] bytes = store.ToBytes();
        Assert.True(SparseStore.Parse(bytes, "large").HasNames);
        Assert.True(bytes.Length <= 4 + 64 + 4096, $"{bytes.Length} bytes");
        Assert.Throws<ArgumentException>(() => store.Meta.WithNote("m", ""));
        Assert.Throws<ArgumentException>(() => store.Meta with { Mode = text + "t" });
        Assert.Throws<ArgumentException>(() => store.Meta with { Mode = "two\nlines" });
    }

    [Fact]
    public void StoreOfLongNamesKeepsHashesAndTakesNamesFromTheModel()
    {
        TrackedTensor[] tensors = [.. Enumerable.Range(0, 40).Select(i => new TrackedTensor(new string('n', 100) + i, 10))];
        var tracked = new TrackedSet(tensors, 1);
        tracked.BeginUpdate();
        tracked.Append(39, 9, 1f);
        tracked.Commit();
        var store = new SparseStore { Meta = StoreSamples.Tiny().Meta, Tracked = tracked, Bases = new TensorBase[40] };
        byte[] bytes = store.ToBytes();
        Assert.True(bytes.Length <= 6 + (40 * 68) + 4096);
        SparseStore read = SparseStore.Parse(bytes, "long");
        Assert.False(read.HasNames);
        Assert.StartsWith("#", read.Tracked[0].Name);
        Assert.Equal(bytes, read.ToBytes());
        File.WriteAllBytes(_folder["long.edb"], bytes);
        SparseStore named = SparseStore.OpenFor(_folder["long.edb"], StoreSamples.Model, tensors);
        Assert.True(named.Tracked.HasTensors(tracked));
        Assert.Equal(bytes, named.ToBytes());
    }

    [Fact]
    public void AnotherModelsStoreIsRefusedByName()
    {
        string path = _folder["a.edb"];
        SparseStore.Write(path, StoreSamples.Tiny());
        string other = new('f', 64);
        EdbException failure = Assert.Throws<EdbException>(() => SparseStore.OpenFor(path, other, StoreSamples.Tensors));
        Assert.Equal(3, failure.ExitCode);
        Assert.Contains(path, failure.Message);
        Assert.Contains("001122334455", failure.Message);
        Assert.Contains("ffffffffffff", failure.Message);

        failure = Assert.Throws<EdbException>(() =>
            SparseStore.OpenFor(path, StoreSamples.Model, [StoreSamples.Tensors[0], new("fc.bias", 4)]));
        Assert.Contains("'fc.bias' of 3 elements", failure.Message);
        Assert.Contains("of 4", failure.Message);
        failure = Assert.Throws<EdbException>(() => SparseStore.OpenFor(path, StoreSamples.Model, [StoreSamples.Tensors[0]]));
        Assert.Contains("2 tensors", failure.Message);
    }

    [Fact]
    public void MissingStoreAndFolderAreRefusedByName()
    {
        Assert.Contains(_folder["none.edb"], Assert.Throws<EdbException>(() => SparseStore.Open(_folder["none.edb"])).Message);
        Assert.Throws<EdbException>(() => SparseStore.Open(_folder["none/none.edb"]));
        Assert.Throws<EdbException>(() => SparseStore.Open(_folder.Path));
        File.WriteAllText(_folder["text.edb"], "a text that is long enough to be taken for a header");
        Assert.Contains("is not a store", Assert.Throws<EdbException>(() => SparseStore.Open(_folder["text.edb"])).Message);
    }

    [Fact]
    public void DiffCountsWhatOnlyOneTracksAndWhatChanged()
    {
        IReadOnlyList<TensorDiff> rows = StoreDiff.Compare(StoreSamples.Tiny(), StoreSamples.Tiny(value: 1f));
        Assert.Equal([new("fc.weight", 0, 0, 1, 1, 0.5f), new("fc.bias", 0, 0, 1, 0, 0f)], rows);
        rows = StoreDiff.Compare(StoreSamples.Tiny(), StoreSamples.Full());
        Assert.Equal([new("fc.weight", 2, 2, 0, 0, 0f), new("fc.bias", 1, 1, 0, 0, 0f)], rows);
        Assert.Throws<EdbException>(() => StoreDiff.Compare(StoreSamples.Tiny(), StoreSamples.Random(3)));
    }
}
