using EdgeDropBack.Data;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Tests.Training;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

[Collection(AllocationCollection.Name)]
public sealed class AllocationTests
{
    const int WarmUp = 6, Measured = 2, Attempts = 50;

    public static TheoryData<string, int> Steps
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var threads in (int[])[1, 2])
                foreach (var kind in (string[])["select", "select momentum", "frozen", "frozen adam", "dense", "last-layer", "bias", "bn train"])
                    cases.Add(kind, threads);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void AStepAllocatesNothingOnceWarm(string kind, int threads)
    {
        var options = new SessionOptions { Batch = 8, Threads = threads, Budget = Budget.Parse("2%") };
        options = kind switch
        {
            "select momentum" => options with { Momentum = 0.9f },
            "frozen adam" => options with { Optimizer = OptimizerKind.Adam },
            "dense" => options with { Mode = TrainingMode.Dense },
            "last-layer" => options with { Mode = TrainingMode.LastLayer },
            "bias" => options with { Mode = TrainingMode.Bias },
            "bn train" => options with { TrainBatchNorm = true },
            _ => options,
        };
        using var session = TrainingSession.Open(Fashion.Model, options);
        var (x, labels) = Fashion.Batch(8);
        session.Step(x, labels, 0.01f);
        if (kind.StartsWith("frozen", StringComparison.Ordinal)) session.Freeze();
        for (var i = 0; i < WarmUp; i++) session.Step(x, labels, 0.01f);
        AssertNothingIsAllocated(() => session.Step(x, labels, 0.01f));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStepOfAResidualNetworkAllocatesNothingEither(bool frozen)
    {
        var (model, x, shape, labels) = Reference.Open("residual");
        using var session = TrainingSession.Open(model, new SessionOptions { Batch = shape[0], Threads = 1, Budget = Budget.Parse("10%") });
        session.Step(x, labels, 0.01f);
        if (frozen) session.Freeze();
        for (var i = 0; i < WarmUp; i++) session.Step(x, labels, 0.01f);
        AssertNothingIsAllocated(() => session.Step(x, labels, 0.01f));
    }

    static void AssertNothingIsAllocated(Action step)
    {
        var (thread, process) = (long.MaxValue, long.MaxValue);
        for (var attempt = 0; attempt < Attempts && thread + process != 0; attempt++)
        {
            var (threadBefore, processBefore) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalAllocatedBytes(precise: true));
            for (var i = 0; i < Measured; i++) step();
            process = Math.Min(process, GC.GetTotalAllocatedBytes(precise: true) - processBefore);
            thread = Math.Min(thread, GC.GetAllocatedBytesForCurrentThread() - threadBefore);
        }
        Assert.Equal(0, thread);
        Assert.Equal(0, process);
    }

    [Fact]
    public void NothingOfAParametersFullSizeIsAllocatedInDropBackMode()
    {
        const int Width = 2048;
        using var folder = new TemporaryFolder();
        var b = new OnnxBuilder("wide");
        b.Input("x", OnnxDataType.Float, "N", Width).Output("y", OnnxDataType.Float, "N", 4);
        b.Initializer("w", OnnxDataType.Float, (start, chunk) => Fill(1, start, chunk, 0.05f), Width, Width);
        b.Initializer("head", OnnxDataType.Float, (start, chunk) => Fill(2, start, chunk, 0.05f), Width, 4);
        b.Node("MatMul", ["x", "w"], ["h"]);
        b.Node("Relu", ["h"], ["a"]);
        b.Node("MatMul", ["a", "head"], ["y"]);
        b.Write(folder["wide.onnx"]);
        var x = new float[4 * Width];
        Fill(3, 0, x, 1f);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        using var session = TrainingSession.Open(folder["wide.onnx"], new() { Batch = 4, Budget = new(2000, false), Threads = 2 });
        for (var step = 0; step < 3; step++) session.Step(x, [0, 1, 2, 3], 0.1f);
        session.Freeze();
        for (var step = 0; step < 3; step++) session.Step(x, [0, 1, 2, 3], 0.1f);
        session.WriteTracked(folder["wide.edb"]);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(2000, session.Trainer.Tracked!.Count);
        Assert.True(allocated < 2 << 20, $"{allocated} managed bytes beside a parameter of {4L * Width * Width}");
        Assert.True(session.ArenaBytes < 1 << 20, $"{session.ArenaBytes} bytes of arena");
    }

    [Theory]
    [InlineData("exact layer")]
    [InlineData("momentum")]
    [InlineData("once")]
    [InlineData("dense")]
    public void ManagedMemoryIsWhatThePlanSays(string variant)
    {
        const long Records = 512 << 10;
        using var folder = new TemporaryFolder();
        var small = Fashion.Small(folder);
        var options = Variants.Apply(small, variant) with { Data = Fashion.Shipped("user-train.npz"), Test = Fashion.Shipped("user-test.npz") };
        options = options with { Session = options.Session with { Budget = Budget.Parse("20%"), Threads = 2 } };
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var job = PersonalizeJob.Open(options);
        job.Begin(null);
        var run = new TrainingRun(job.Session, job.Plan, 0.1f);
        run.Train("", () => run.State.Step < 3);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        var planned = MemoryPlan.Of(job).Where(item => item.Name is not ("arena" or "packing buffers" or "runtime" or "gradient survey")).Sum(item => item.Bytes);
        Assert.InRange(held, planned * 9 / 10, planned * 11 / 10 + Records);
        GC.KeepAlive(run);
    }

    static void Fill(ulong seed, long start, Span<float> chunk, float scale)
    {
        for (var i = 0; i < chunk.Length; i++) chunk[i] = ((SampleOrder.Hash(seed, (ulong)(start + i)) >> 40) / (float)(1 << 23) - 1f) * scale;
    }
}
