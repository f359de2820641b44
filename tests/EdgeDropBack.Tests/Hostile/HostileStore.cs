using CsCheck;
using EdgeDropBack.Store;
using EdgeDropBack.Tests.Store;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>A store; after most changes all checksums are made right again, so that the checks behind them are reached.</summary>
sealed class HostileStore : HostileKind
{
    static readonly byte[][] s_samples = [StoreSamples.Tiny().ToBytes(), StoreSamples.Full().ToBytes(), StoreSamples.Random(5).ToBytes()];

    public HostileStore() : base("store", HostileCaps.Store)
        => Structured = Gen.OneOf(ByteEdit.Of(s_samples), TextEdit.Of(s_samples), LengthKept(s_samples)).Select(file =>
        {
            var copy = file.ToArray();
            StoreSamples.Seal(copy);
            return copy;
        });

    public override IReadOnlyList<byte[]> Samples => s_samples;

    protected override Gen<byte[]> Structured { get; }

    public override void Read(byte[] file)
    {
        var store = SparseStore.Parse(file, "hostile.edb");
        Assert.NotEmpty(store.ToBytes());
        foreach (var tensor in Enumerable.Range(0, store.Tracked.Tensors.Count).Select(t => store.Tracked[t]))
            for (var entry = 0; entry < tensor.Count; entry++) Assert.InRange(tensor.IndexAt(entry), 0, int.MaxValue);
        store.RequireModel(StoreSamples.Model, "hostile.edb");
    }

    /// <summary>Hostile numbers at places where the format has numbers, which are aligned to 4 bytes.</summary>
    static Gen<byte[]> LengthKept(byte[][] samples)
        => Gen.Select(Gen.Int[0, samples.Length - 1], Edits.Few(Gen.Select(Gen.UInt, Gen.Bool, HostileNumbers.All)), (sample, edits) =>
        {
            var copy = samples[sample].ToArray();
            foreach (var (place, early, value) in edits)
                BitConverter.TryWriteBytes(copy.AsSpan(4 * (int)(place % (uint)((early ? 256 : copy.Length) / 4))), (int)value);
            return copy;
        });
}
