using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Store;
using EdgeDropBack.Tests.Library;
using EdgeDropBack.Tests.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>`edb export --compact`: weights stay computed from the seed, and what was trained is laid over them.</summary>
public sealed class CompactExportTests
{
    /// <summary>Tracked weights; seed that takes the place of the file's; init decay: none, under way and over.</summary>
    [Theory]
    [InlineData(20_000, null, 1)]
    [InlineData(2_000, 9u, 1)]
    [InlineData(3, null, 1)]
    [InlineData(2_000, null, 0.9)]
    [InlineData(2_000, 9u, 0.01)]
    public void CompactAndPlainExportsGiveTheSameLogits(int budget, uint? seed, double decay)
    {
        using var folder = new TemporaryFolder();
        var model = ArchitectureTests.Write(folder, "lenet-300-100", new(3));
        Train(folder, model, new() { Batch = 50, Budget = new(budget, false), BaseSeed = seed, InitDecay = decay, Clip = 1, Threads = 1 });
        Exported(folder, model, out var compact, out var plain);
        var (x, _) = Fashion.Batch(16);
        var logits = OrtModel.Run(compact, x, 16, 1, 28, 28).Values;
        Logits.AssertClose(OrtModel.Run(plain, x, 16, 1, 28, 28).Values, logits, 1e-5f);
        using var session = Inference.Open(model, folder["s.edb"], null, batch: 16);
        Logits.AssertClose(Logits.Of(session, x), logits, 1e-5f);
        Assert.True(new FileInfo(compact).Length <= 1.15 * new FileInfo(folder["s.edb"]).Length + 64 * 1024);
    }

    [Fact]
    public void ConvolutionsAndTrainedBatchNormsGoIntoTheFile()
    {
        using var folder = new TemporaryFolder();
        var layers = new SeededLayers("small", 5, InitialScale.He, [1, 28, 28]);
        layers.Conv("conv1", 8, 3, 2).BatchNorm("bn1").Relu("relu1").Pool("MaxPool", "pool").Conv("conv2", 16, 3, bias: true).BatchNorm("bn2").Relu("relu2")
            .Dropout("dropout", 0.3f).GlobalPool("mean").Dense("fc", 10);
        var model = folder["small.onnx"];
        layers.Finish().Write(model);
        Train(folder, model, new() { Batch = 50, Budget = new(300, false), TrainBatchNorm = true, Threads = 1 });
        Exported(folder, model, out var compact, out var plain);
        var (x, _) = Fashion.Batch(16);
        Logits.AssertClose(OrtModel.Run(plain, x, 16, 1, 28, 28).Values, OrtModel.Run(compact, x, 16, 1, 28, 28).Values, 1e-5f);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(0.01)]
    public void OnnxCheckerFindsNothing(double decay)
    {
        using var folder = new TemporaryFolder();
        var model = ArchitectureTests.Write(folder, "mnist-100-100", new(3));
        Train(folder, model, new() { Batch = 50, Budget = new(500, false), InitDecay = decay, Clip = 1, Threads = 1 });
        Exported(folder, model, out var compact, out _);
        OnnxChecker.Check(compact);
    }

    [Fact]
    public void ACompactFileIsRefusedHereWithTheWayOut()
    {
        using var folder = new TemporaryFolder();
        var model = ArchitectureTests.Write(folder, "mnist-100-100", new(3));
        Train(folder, model, new() { Batch = 50, Budget = new(500, false), Threads = 1 });
        Exported(folder, model, out var compact, out _);
        var refusal = Assert.Throws<EdbException>(() => TrainingSession.Open(compact, new() { Batch = 2, Threads = 1 }));
        Assert.Equal((3, $"{compact}: {TrackedFunction.Refusal}"), (refusal.ExitCode, refusal.Message));
        Assert.Equal(refusal.Message, Assert.Throws<EdbException>(() => Scratch.Options(new() { Model = compact, Data = "" })).Message);
    }

    [Fact]
    public void AGapTooWideForAnEntryRepeatsTheBase()
    {
        var parameter = new Parameter(0, "w", new Shape([200_000]), new RegeneratedParameterBase(new RegeneratedBase(1, 2, 0.5f, Distribution.Normal)));
        var weights = parameter.Source().WithTracked([0, 1, 1, 1, 2], [5, 199_999 - 3 * 65_536], [7f, 8f]);
        var call = TrackedCall.Of(parameter, weights);
        Assert.Equal([5, 65_535, 65_535, 65_535, 199_999 - 5 - 3 * 65_535], call.Gaps.Select(gap => (int)gap));
        Assert.Equal([7f, parameter.Source()[65_540], parameter.Source()[131_075], parameter.Source()[196_610], 8f], call.Values);
    }

    [Fact]
    public void AModelWithoutASeedHasNoCompactExport()
    {
        using var session = TrainingSession.Open(Fashion.Model, new() { Batch = 2, Threads = 1 });
        var refusal = Assert.Throws<EdbException>(() => session.Export("none.onnx", compact: true));
        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains("--compact", refusal.Message);
    }

    static void Train(TemporaryFolder folder, string model, SessionOptions session) => Personalizer.Run(Scratch.Options(new()
    {
        Model = model,
        Data = Fashion.Part(folder["d.npz"], "user-train.npz", 0, 1),
        Session = session,
        Rate = 0.1f,
        Steps = 20,
        Score = ScoreMode.Global,
        Freeze = FreezePolicy.Parse("10"),
        Store = folder["s.edb"],
        AcceptIf = AcceptRule.Parse(""),
    }));

    static void Exported(TemporaryFolder folder, string model, out string compact, out string plain)
    {
        (compact, plain) = (folder["compact.onnx"], folder["plain.onnx"]);
        StoreExport.Export(model, folder["s.edb"], compact, compact: true);
        StoreExport.Export(model, folder["s.edb"], plain);
    }
}
