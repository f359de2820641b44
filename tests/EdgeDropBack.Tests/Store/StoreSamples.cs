using System.Buffers.Binary;
using EdgeDropBack.Kernels;
using EdgeDropBack.Store;

namespace EdgeDropBack.Tests.Store;

/// <summary>Stores and random numbers for tests.</summary>
static class StoreSamples
{
    internal const string Model = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    internal static readonly TrackedTensor[] Tensors = [new("fc.weight", 70_000), new("fc.bias", 3)];

    /// <summary>splitmix64.</summary>
    internal static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    internal static SparseStore Tiny(float value = 1.5f)
    {
        var tracked = new TrackedSet(Tensors, 4);
        tracked.BeginUpdate();
        tracked.Append(0, 5, value);
        tracked.Append(0, 65_537, -2f);
        tracked.Append(1, 2, 0.25f);
        tracked.Commit();
        return new SparseStore
        {
            Meta = new StoreMeta { ModelSha256 = Model, Seed = 1, Budget = 4, TrainableCount = 70_003, BatchSize = 32 },
            Tracked = tracked,
            Bases = [TensorBase.Mapped, new(TensorBaseKind.Regenerated, 7, 1, Distribution.Normal, 0.5f)],
        };
    }

    internal static SparseStore Full()
    {
        var tracked = new TrackedSet(Tensors, 5, optimizerSlots: 2);
        tracked.BeginUpdate();
        tracked.Append(0, 0, float.Epsilon);
        tracked.Append(0, 69_999, -0f);
        tracked.Append(1, 1, 3f);
        tracked.Commit();
        for (int i = 0; i < 3; i++)
            (tracked.OptimizerState(0)[i], tracked.OptimizerState(1)[i]) = (i + 0.5f, -i);
        return new SparseStore
        {
            Meta = new StoreMeta
            {
                ModelSha256 = Model,
                Seed = ulong.MaxValue,
                Budget = 5,
                TrainableCount = 70_003,
                BatchSize = 17,
                Mode = "last-layer",
                SelectMode = "once",
                ScoreMode = "layer",
                Optimizer = "adam",
                Loss = "bce",
                BatchNorm = "train",
                Schedule = "step:0.5@25e",
                NewHeadClasses = 3,
                Step = 123,
                TotalSteps = long.MaxValue,
                Epoch = 4,
                Cursor = 99,
                LearningRate = 0.1f,
                LearningRateReductions = 1,
                LossScale = 128,
                Momentum = 0.9f,
                Clip = 1,
                InitDecay = 0.9,
                InitDecayFactor = 0.9 * 0.9 * 0.9,
                Threshold = 1e-7f,
                FreezeStep = 50,
                BestLoss = 1.0 / 3,
                BestAccuracy = 0.875,
                BestStep = 100,
            }.WithNote("labels", "a=b, ä, 日本").WithNote("accuracy.before", "0.5").WithNote("labels", "x"),
            Tracked = tracked,
            Bases = [new(TensorBaseKind.Zero), TensorBase.Mapped],
            ScoreScales = [0.5f, 2f],
            RunningStatistics = [new("bn.mean", [1f, 2f, 3f]), new("bn.var", [])],
            Resume = [new("SAMPLER", [1, 2, 3]), new("BEST", Tiny().ToBytes())],
        };
    }

    internal static SparseStore Random(ulong seed)
    {
        ulong state = seed;
        int Below(int bound) => (int)(Next(ref state) % (ulong)bound);
        TrackedTensor[] tensors = [.. Enumerable.Range(0, Below(60)).Select(i =>
            new TrackedTensor($"layer{i}.{new string('n', Below(40))}", Below(4) == 0 ? Below(300_000) : Below(3_000)))];
        var tracked = new TrackedSet(tensors, 20_000);
        tracked.BeginUpdate();
        int left = Below(20_000);
        for (int t = 0; t < tensors.Length; t++)
            for (long i = Below(50); i < tensors[t].ElementCount && left > 0; i += 1 + Below(100), left--)
                tracked.Append(t, i, BitConverter.UInt32BitsToSingle((uint)Next(ref state)));
        tracked.Commit();
        return new SparseStore
        {
            Meta = new StoreMeta { ModelSha256 = Model, Schedule = new string('s', 128), InitDecay = 1.0 / 3 }
                .WithNote("n", new string('v', 1000)),
            Tracked = tracked,
            Bases = [.. tensors.Select((_, i) => new TensorBase((TensorBaseKind)(i % 4), (uint)i, (uint)i + 1, Distribution.Uniform, i))],
            ScoreScales = [.. tensors.Select((_, i) => i + 0.5f)],
        };
    }

    /// <summary>Makes all CRCs right, so that the checks behind them are reached.</summary>
    internal static void Seal(byte[] bytes)
    {
        const int Header = 32, Entry = 24;
        if (bytes.Length < Header)
            return;
        int count = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)), (uint)Math.Min(9, (bytes.Length - Header) / Entry));
        for (int i = 0; i < count; i++)
        {
            Span<byte> entry = bytes.AsSpan(Header + (Entry * i), Entry);
            long offset = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]), length = BinaryPrimitives.ReadInt64LittleEndian(entry[16..]);
            if (offset < 0 || length < 0 || offset > bytes.Length || length > bytes.Length - offset)
                continue;
            uint crc = ~StoreFormat.Crc32C(uint.MaxValue, bytes.AsSpan((int)offset, (int)length));
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], crc);
        }

        bytes.AsSpan(24, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), ~StoreFormat.Crc32C(uint.MaxValue, bytes.AsSpan(0, Header + (Entry * count))));
    }
}
