using EdgeDropBack.Data;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Tests.Training;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

/// <summary>Models in QDQ form: what ONNX Runtime computes, tracked values over integers that are never expanded, and an export that runs.</summary>
[Collection(AllocationCollection.Name)]
public sealed class QuantizedModelTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, bool> Layers
    {
        get
        {
            var cases = new TheoryData<string, string, bool>();
            foreach (var layer in (string[])["Gemm", "GemmTransposed", "MatMul", "Conv", "Depthwise", "ConvTranspose", "Shared"])
                foreach (var form in (string[])["int8", "uint8", "float"])
                    foreach (var perChannel in (bool[])[false, true]) cases.Add(layer, form, perChannel);
            return cases;
        }
    }

    /// <summary>Base, trained and exported, at batch 1 and at batch 4.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void EveryLayerGivesOnnxRuntimesNumbersBeforeAndAfterTraining(string layer, string form, bool perChannel)
    {
        var (length, shape) = WriteLayer(layer, form, perChannel);
        foreach (var batch in (int[])[1, 4])
        {
            float[] x = [.. Enumerable.Range(0, batch * length).Select(i => SampleOrder.Hash(2, (ulong)i) % 200 / 100f - 1f)];
            int[] dims = [batch, .. shape];
            var labels = Enumerable.Range(0, batch).ToArray();
            using var session = TrainingSession.Open(_folder["layer.onnx"], new() { Batch = batch, Budget = Budget.Parse("20%"), Threads = 2 });
            Logits.AssertClose(OrtModel.RunAsWritten(_folder["layer.onnx"], x, dims), Logits.Of(session, x), 1e-4f);
            for (var step = 0; step < 3; step++) session.Step(x, labels, 0.05f);
            session.Freeze();
            for (var step = 0; step < 3; step++) session.Step(x, labels, 0.05f);
            Assert.All(session.Graph.Parameters, p => Assert.True(p.Base.Kind.IsQuantized(), $"{p}: {p.Base.Kind}"));
            session.Export(_folder["trained.onnx"]);
            var trained = OrtModel.RunAsWritten(_folder["trained.onnx"], x, dims);
            Assert.NotEqual(OrtModel.RunAsWritten(_folder["layer.onnx"], x, dims), trained);
            Logits.AssertClose(trained, Logits.Of(session, x), 1e-4f);
        }
    }

    [SkippableTheory]
    [InlineData("dropback")]
    [InlineData("dense")]
    [InlineData("new head")]
    public void TheExportRunsInOnnxRuntimeAndKeepsWhatIsNotTrainedAsBytes(string mode)
    {
        var (x, labels) = Fashion.Batch(8);
        var options = new SessionOptions { Batch = 8, Threads = 1, Budget = Budget.Parse("2%") };
        if (mode == "dense") options = options with { Mode = TrainingMode.Dense };
        if (mode == "new head") (options, labels) = (options with { NewHeadClasses = 4 }, [.. labels.Select(label => label % 4)]);
        using var session = TrainingSession.Open(QuantizedModel.Fashion, options);
        for (var step = 0; step < 4; step++) session.Step(x, labels, 0.1f);
        session.Export(_folder["user.onnx"]);
        Logits.AssertClose(OrtModel.RunAsWritten(_folder["user.onnx"], x, 8, 1, 28, 28), Logits.Of(session, x), 1e-4f);
        Assert.Equal(8 * session.Outputs, OrtModel.Run(_folder["user.onnx"], x, 8, 1, 28, 28).Values.Length);
        var grown = new FileInfo(_folder["user.onnx"]).Length - new FileInfo(QuantizedModel.Fashion).Length;
        if (mode == "dropback") Assert.InRange(grown, 1, 12 * session.BudgetCount + 8192);
        OnnxChecker.Check(_folder["user.onnx"]);
    }

    [Fact]
    public void ABaseOfBytesIsNeverExpandedAndCostsAQuarterOfTheTraffic()
    {
        const int Width = 2048;
        Write(_folder["bytes.onnx"], b => b.Weights("w", "int8", Width, 1, Width, Width));
        Write(_folder["floats.onnx"], b =>
        {
            b.Initializer("w", new float[Width * Width], Width, Width);
            return "w";
        });
        float[] x = [.. Enumerable.Range(0, 4 * Width).Select(i => SampleOrder.Hash(2, (ulong)i) % 200 / 100f - 1f)];

        var before = GC.GetTotalAllocatedBytes(precise: true);
        using var session = TrainingSession.Open(_folder["bytes.onnx"], new() { Batch = 4, Budget = new(2000, false), Threads = 2 });
        for (var step = 0; step < 3; step++) session.Step(x, [0, 1, 2, 3], 0.1f);
        session.Freeze();
        for (var step = 0; step < 3; step++) session.Step(x, [0, 1, 2, 3], 0.1f);
        session.WriteTracked(_folder["bytes.edb"]);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(2000, session.Trainer.Tracked!.Count);
        Assert.True(allocated < 2 << 20, $"{allocated} managed bytes beside a base of {Width * Width}");
        Assert.True(session.ArenaBytes < 1 << 20, $"{session.ArenaBytes} bytes of arena");

        using var floats = TrainingSession.Open(_folder["floats.onnx"], new() { Batch = 4, Budget = new(2000, false), Threads = 2 });
        foreach (var mode in (TrafficMode[])[TrafficMode.Select, TrafficMode.Frozen])
            Assert.Equal(4 * BaseBytes(session, mode), BaseBytes(floats, mode));
    }

    [Theory]
    [InlineData("select")]
    [InlineData("frozen")]
    public void AStepAllocatesNothingOnceWarm(string kind)
    {
        using var session = TrainingSession.Open(QuantizedModel.Fashion, new() { Batch = 8, Threads = 1 });
        var (x, labels) = Fashion.Batch(8);
        session.Step(x, labels, 0.01f);
        if (kind == "frozen") session.Freeze();
        for (var i = 0; i < 6; i++) session.Step(x, labels, 0.01f);
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 50 && least != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            session.Step(x, labels, 0.01f);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    [Fact]
    public void OneAndThreeThreadsGiveOneStore()
    {
        var (x, labels) = Fashion.Batch(8);
        string Trained(int threads)
        {
            using var session = TrainingSession.Open(QuantizedModel.Fashion, new() { Batch = 8, Threads = threads });
            for (var step = 0; step < 4; step++) session.Step(x, labels, 0.1f);
            session.Freeze();
            for (var step = 0; step < 4; step++) session.Step(x, labels, 0.1f);
            return session.WriteTracked(_folder[$"{threads}.edb"]);
        }
        Assert.Equal(Trained(1), Trained(3));
    }

    [Fact]
    public void PersonalizationLearnsAndItsStoreIsReadBack()
    {
        var result = Personalizer.Run(Fashion.Small(_folder) with { Model = QuantizedModel.Fashion, Steps = 40, Rate = 0.4f });
        Assert.True(result.Accuracy.After >= result.Accuracy.Before + 0.1, $"{result.Accuracy.Before} to {result.Accuracy.After}");
        using var session = Inference.Open(QuantizedModel.Fashion, _folder["user.edb"], null);
        Assert.Equal(result.Tracked, session.Trainer.Tracked!.Count);
    }

    [Fact]
    public void IntegersReadWithTwoScalesAreRefused()
    {
        var b = new OnnxBuilder("bad");
        b.Input("x", OnnxDataType.Float, "N", 4).Output("y", OnnxDataType.Float, "N", 4);
        b.Initializer("w", OnnxDataType.Int8, new byte[16], 4, 4).Initializer("s", [0.1f]).Initializer("t", [0.2f]);
        b.Node("DequantizeLinear", ["w", "s"], ["a"]);
        b.Node("DequantizeLinear", ["w", "t"], ["c"]);
        b.Node("MatMul", ["x", "a"], ["h"], "first");
        b.Node("MatMul", ["h", "c"], ["y"], "second");
        b.Write(_folder["bad.onnx"]);
        var refusal = Assert.Throws<EdbException>(() => TrainingSession.Open(_folder["bad.onnx"], new()));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("second", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("other scales", refusal.Message, StringComparison.Ordinal);
    }

    static long BaseBytes(TrainingSession session, TrafficMode mode)
    {
        var tracked = new int[session.Graph.Parameters.Count];
        tracked[0] = 100;
        var plan = Planning.Planner.ForTraining(session.Graph, session.LossInput, _ => true);
        return AlgorithmicLens.Predict(plan, tracked, mode).Rows
            .Where(row => row is { Operand: TrafficOperand.BaseWeights, Phase: TrafficPhase.Forward or TrafficPhase.BackwardData or TrafficPhase.Select })
            .Sum(row => row.Read.Bytes);
    }

    /// <summary>x times a square matrix, and the sum of its columns in fours.</summary>
    static void Write(string path, Func<OnnxBuilder, string> weights)
    {
        var b = new OnnxBuilder("wide");
        b.Input("x", OnnxDataType.Float, "N", 2048).Output("y", OnnxDataType.Float, "N", 4);
        b.Initializer("shape", [0L, 4, 512], 3).Initializer("axis", [2L], 1);
        b.Node("MatMul", ["x", weights(b)], ["h"]);
        b.Node("Tanh", ["h"], ["t"]);
        b.Node("Reshape", ["t", "shape"], ["r"]);
        b.Node("ReduceSum", ["r", "axis"], ["y"]).Int("keepdims", 0);
        b.Write(path);
    }

    /// <summary>A layer with quantized input, weights and bias.</summary>
    (int Length, int[] Shape) WriteLayer(string layer, string form, bool perChannel)
    {
        var b = new OnnxBuilder(layer);
        var isImage = layer is "Conv" or "Depthwise" or "ConvTranspose";
        int[] shape = isImage ? [6, 5, 4] : [24];
        b.Input("x", OnnxDataType.Float, ["N", .. shape.Select(d => (OnnxDim)d)]).Output("y", OnnxDataType.Float, "N", 5);
        var x = b.Activation("x", 0.01f, 128);
        int Channels(int count) => perChannel ? count : 1;
        switch (layer)
        {
            case "Gemm":
                b.Node("Gemm", [x, b.Weights("w", form, Channels(5), 1, 24, 5), Bias(b, 5)], ["y"]);
                break;
            case "GemmTransposed":
                b.Node("Gemm", [x, b.Weights("w", form, Channels(5), 0, 5, 24), Bias(b, 5)], ["y"]).Int("transB", 1);
                break;
            case "MatMul":
                b.Node("Transpose", [b.Weights("w", form, Channels(5), 0, 5, 24)], ["turned"]);
                b.Node("MatMul", [x, "turned"], ["y"]);
                break;
            case "Shared":
                var w = b.Weights("w", form, Channels(24), 0, 24, 24);
                b.Node("MatMul", [x, w], ["h"]);
                b.Node("MatMul", [b.Activation("h", 0.05f, 100), w], ["g"]);
                b.Node("MatMul", ["g", b.Weights("v", form, Channels(5), 1, 24, 5)], ["y"]);
                break;
            case "Conv":
                b.Node("Conv", [x, b.Weights("w", form, Channels(5), 0, 5, 6, 3, 3), Bias(b, 5)], ["c"]).Ints("pads", 1, 1, 1, 1);
                break;
            case "Depthwise":
                b.Node("Conv", [x, b.Weights("w", form, Channels(6), 0, 6, 1, 3, 3)], ["d"]).Ints("pads", 1, 1, 1, 1).Int("group", 6);
                b.Node("Conv", ["d", b.Weights("v", form, Channels(5), 0, 5, 6, 1, 1), Bias(b, 5)], ["c"]);
                break;
            default:
                b.Node("ConvTranspose", [x, b.Weights("w", form, Channels(5), 1, 6, 5, 3, 3), Bias(b, 5)], ["c"]).Ints("strides", 2, 2);
                break;
        }
        if (isImage) b.Node("ReduceMean", ["c"], ["y"]).Ints("axes", 2, 3).Int("keepdims", 0);
        b.Write(_folder["layer.onnx"]);
        return (shape.Aggregate((a, d) => a * d), shape);
    }

    static string Bias(OnnxBuilder b, int count)
    {
        int[] integers = [.. Enumerable.Range(0, count).Select(i => 700 * i - 900)];
        b.Initializer("b", OnnxDataType.Int32, System.Runtime.InteropServices.MemoryMarshal.AsBytes(integers.AsSpan()), count);
        b.Initializer("b.scale", [.. Enumerable.Range(1, count).Select(i => i * 1e-4f)], count);
        b.Node("DequantizeLinear", ["b", "b.scale"], ["b.dequantized"]).Int("axis", 0);
        return "b.dequantized";
    }
}
