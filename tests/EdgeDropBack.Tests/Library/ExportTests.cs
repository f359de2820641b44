using EdgeDropBack.Data;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Tests.Training;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

/// <summary>What is exported is a plain ONNX file: Microsoft.ML.OnnxRuntime gets our logits from it, and onnx.checker finds nothing.</summary>
public sealed class ExportTests
{
    [SkippableFact]
    public void ThePersonalizedModelGivesTheSameLogitsAndAccuracyInOnnxRuntime()
    {
        using var folder = new TemporaryFolder();
        var result = Personalizer.Run(Fashion.Small(folder) with { Steps = 40, Rate = 0.8f, Test = Fashion.Part(folder["t.npz"], "user-test.npz", 0, 5) });
        StoreExport.Export(Fashion.Model, folder["user.edb"], folder["user.onnx"]);

        var test = NpzFile.Read(folder["t.npz"]);
        var labels = test["y"].ReadInt64s("y");
        float[] x = [.. test["x"].Bytes.Select(b => b / 255f)];
        using var session = Inference.Open(Fashion.Model, folder["user.edb"], null);
        var (logits, shape) = OrtModel.Run(folder["user.onnx"], x, labels.Length, 1, 28, 28);
        Assert.Equal([labels.Length, 10], shape);
        Logits.AssertClose(logits, Logits.Of(session, x), 1e-4f);
        Assert.Equal(result.Accuracy.After, OrtModel.Accuracy(logits, labels));
        OnnxChecker.Check(folder["user.onnx"]);
    }

    [SkippableFact]
    public void TrainedBatchNormStatisticsAreExported()
    {
        using var folder = new TemporaryFolder();
        var options = Variants.Apply(Fashion.Small(folder), "bn train");
        Personalizer.Run(options);
        StoreExport.Export(Fashion.Model, folder["user.edb"], folder["user.onnx"]);
        var (x, _) = Fashion.Batch(16);
        using var session = Inference.Open(Fashion.Model, folder["user.edb"], null, batch: 16);
        using var untrained = Inference.Open(Fashion.Model, null, null, batch: 16);
        Logits.AssertClose(OrtModel.Run(folder["user.onnx"], x, 16, 1, 28, 28).Values, Logits.Of(session, x), 1e-4f);
        using var exported = OnnxModel.Open(folder["user.onnx"]);
        using var original = OnnxModel.Open(Fashion.Model);
        var mean = original.Graph.Nodes.First(n => n.OpType == "BatchNormalization").Inputs[3];
        Assert.NotEqual(original.Graph.Initializer(mean)!.ReadFloats(), exported.Graph.Initializer(mean)!.ReadFloats());
        OnnxChecker.Check(folder["user.onnx"]);
    }

    [SkippableTheory]
    [InlineData("residual")]
    [InlineData("mlp")]
    [InlineData("depthwise-separable")]
    [InlineData("conv1d")]
    [InlineData("sequence-mlp")]
    public void OtherModelsGiveTheSameLogitsInOnnxRuntime(string name)
    {
        using var folder = new TemporaryFolder();
        var (model, x, shape, labels) = Reference.Open(name);
        using var session = TrainingSession.Open(model, new() { Batch = shape[0], Budget = Budget.Parse("10%"), Threads = 1 });
        for (var step = 0; step < 6; step++) session.Step(x, labels, 0.5f);
        session.Freeze();
        for (var step = 0; step < 6; step++) session.Step(x, labels, 0.5f);
        session.Export(folder["out.onnx"]);
        var before = OrtModel.Run(model, x, shape).Values;
        var after = OrtModel.Run(folder["out.onnx"], x, shape).Values;
        Assert.NotEqual(before, after);
        Logits.AssertClose(after, Logits.Of(session, x), 1e-4f);
        OnnxChecker.Check(folder["out.onnx"]);
    }

    [SkippableFact]
    public void WeightsInHalfPrecisionStayInHalfPrecision()
    {
        using var folder = new TemporaryFolder();
        var b = new OnnxBuilder("half");
        b.Input("x", OnnxDataType.Float, "N", 8).Output("y", OnnxDataType.Float, "N", 4);
        var raw = new byte[2 * 32];
        for (var i = 0; i < 32; i++)
            BitConverter.TryWriteBytes(raw.AsSpan(2 * i), BitConverter.HalfToUInt16Bits((Half)((SampleOrder.Hash(1, (ulong)i) % 1000) / 500f - 1f)));
        b.Initializer("w", OnnxDataType.Float16, raw, 8, 4);
        b.Node("Cast", ["w"], ["wide"]).Int("to", 1);
        b.Node("MatMul", ["x", "wide"], ["y"]);
        b.Write(folder["half.onnx"]);
        using var session = TrainingSession.Open(folder["half.onnx"], new() { Batch = 4, Budget = new(9, false), Threads = 1 });
        float[] x = [.. Enumerable.Range(0, 32).Select(i => SampleOrder.Hash(2, (ulong)i) % 100 / 50f - 1f)];
        for (var step = 0; step < 8; step++) session.Step(x, [0, 1, 2, 3], 0.5f);
        session.Export(folder["out.onnx"]);
        using (var exported = OnnxModel.Open(folder["out.onnx"])) Assert.Equal(OnnxDataType.Float16, exported.Graph.Initializer("w")!.DataType);
        Logits.AssertClose(OrtModel.Run(folder["out.onnx"], x, 4, 8).Values, Logits.Of(session, x), 5e-3f);
        OnnxChecker.Check(folder["out.onnx"]);
    }
}
