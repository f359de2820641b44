using EdgeDropBack.Onnx;
using EdgeDropBack.Store;
using EdgeDropBack.Tests.Library;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>An embedding is trained where samples touch it, and nowhere else is anything of it held.</summary>
[Collection(AllocationCollection.Name)]
public sealed class EmbeddingTests
{
    const int Tokens = 300_000, Width = 16, Length = 5, Batch = 4;

    static readonly int[] s_labels = [0, 1, 2, 1];

    [Theory]
    [InlineData(TrainingMode.DropBack, 1)]
    [InlineData(TrainingMode.DropBack, 3)]
    [InlineData(TrainingMode.Dense, 1)]
    public void OnlyTouchedRowsChange(TrainingMode mode, int threads)
    {
        using var folder = new TemporaryFolder();
        Write(folder["m.onnx"]);
        using var session = TrainingSession.Open(folder["m.onnx"], new() { Batch = Batch, Budget = new(60, false), Mode = mode, Threads = threads });
        var first = session.Step(Samples(), s_labels, 0.5f);
        var last = first;
        for (var step = 0; step < 8; step++) last = session.Step(Samples(), s_labels, 0.5f);
        if (mode == TrainingMode.DropBack)
        {
            session.Freeze();
            for (var step = 0; step < 4; step++) last = session.Step(Samples(), s_labels, 0.5f);
        }
        Assert.True(last < first);

        var embedding = session.Graph.Parameters.Single(p => p.Name == "embedding");
        var touched = Samples().Select(token => (int)token).ToHashSet();
        var trained = session.Trainer.Values.Source(embedding);
        float[] before = new float[Width], now = new float[Width];
        var changed = 0;
        for (var row = 0; row < Tokens; row++)
        {
            embedding.Source().CopyTo((long)row * Width, before);
            trained.CopyTo((long)row * Width, now);
            if (before.AsSpan().SequenceEqual(now)) continue;
            changed++;
            Assert.Contains(row, touched);
        }
        Assert.InRange(changed, 1, touched.Count);
    }

    [Fact]
    public void ThreadsDoNotChangeTheStore()
    {
        using var folder = new TemporaryFolder();
        Write(folder["m.onnx"]);
        var stores = new List<byte[]>();
        foreach (var threads in new[] { 1, 2, 5 })
        {
            using var session = TrainingSession.Open(folder["m.onnx"], new() { Batch = Batch, Budget = new(60, false), Threads = threads });
            for (var step = 0; step < 5; step++) session.Step(Samples(), s_labels, 0.5f);
            session.WriteTracked(folder["m.edb"]);
            stores.Add(File.ReadAllBytes(folder["m.edb"]));
        }
        Assert.All(stores, store => Assert.Equal(stores[0], store));
    }

    [Fact]
    public void NothingOfItsSizeIsAllocated()
    {
        using var folder = new TemporaryFolder();
        Write(folder["m.onnx"]);
        var x = Samples();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        using var session = TrainingSession.Open(folder["m.onnx"], new() { Batch = Batch, Budget = new(60, false), Threads = 2 });
        for (var step = 0; step < 3; step++) session.Step(x, s_labels, 0.1f);
        session.Freeze();
        for (var step = 0; step < 3; step++) session.Step(x, s_labels, 0.1f);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.InRange(allocated, 0, sizeof(float) * (long)Tokens * Width / 4);
    }

    static float[] Samples() => [.. Enumerable.Range(0, Batch * Length).Select(i => (float)(i * 7919L % 11 * 27_000))];

    static void Write(string path)
    {
        var b = new OnnxBuilder("embedding");
        b.Input("x", OnnxDataType.Int64, "N", Length).Output("y", OnnxDataType.Float, "N", 3);
        b.Initializer("embedding", OnnxDataType.Float, (start, chunk) => Fill(1, start, chunk, 0.5f), Tokens, Width);
        b.Initializer("w", OnnxDataType.Float, (start, chunk) => Fill(2, start, chunk, 0.5f), Width, 3);
        b.Node("Gather", ["embedding", "x"], ["e"]).Int("axis", 0);
        b.Node("ReduceMean", ["e"], ["m"]).Ints("axes", 1).Int("keepdims", 0);
        b.Node("MatMul", ["m", "w"], ["y"]);
        b.Write(path);
    }

    static void Fill(uint seed, long start, Span<float> chunk, float scale)
    {
        for (var i = 0; i < chunk.Length; i++) chunk[i] = (Kernels.IndexedRandom.Hash(seed, 0, (ulong)(start + i)) >> 8) * (2f / (1 << 24)) * scale - scale;
    }
}
