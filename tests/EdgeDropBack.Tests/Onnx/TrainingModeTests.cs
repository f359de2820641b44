using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Library;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Onnx;

/// <summary>Models exported as they train are evaluated and exported as they infer.</summary>
public sealed class TrainingModeTests
{
    static readonly float[] s_x = [0.5f, -1f, 2f, 0.25f, 1.5f, -0.5f, 3f, 0.75f];

    [Theory]
    [InlineData(14)]
    [InlineData(17)]
    public void BatchNormalizationUsesItsRunningStatistics(int opset)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["train.onnx"], Norm(opset, isTraining: true));
        File.WriteAllBytes(folder["infer.onnx"], Norm(opset, isTraining: false));
        AssertInfers(folder);
    }

    [Fact]
    public void BatchNormalizationWithTrainingOutputsUsesItsRunningStatistics()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["train.onnx"], Norm(9, isTraining: true));
        File.WriteAllBytes(folder["infer.onnx"], Norm(9, isTraining: false));
        AssertInfers(folder);
    }

    [Fact]
    public void DropoutInTrainingModePassesItsInputOn()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["train.onnx"], Dropped(isTraining: true));
        File.WriteAllBytes(folder["infer.onnx"], Dropped(isTraining: false));
        AssertInfers(folder);
    }

    [Fact]
    public void InspectSaysThatTheNodeWasExportedInTrainingMode()
    {
        using var model = OnnxModel.Open(Norm(17, isTraining: true));
        var verdict = GraphImporter.Inspect(model, new ImportOptions { Batch = 4 }).Verdicts.Single(v => v.Type == "BatchNormalization");
        Assert.Equal("exported in training mode: evaluated with its running statistics", verdict.Reason);
    }

    static void AssertInfers(TemporaryFolder folder)
    {
        using var session = TrainingSession.Open(folder["train.onnx"], new() { Batch = 4, Budget = new(1, true), Threads = 1 });
        var expected = OrtModel.Run(folder["infer.onnx"], s_x, 4, 2).Values;
        Logits.AssertClose(expected, Logits.Of(session, s_x), 1e-5f);
        session.Export(folder["export.onnx"]);
        Logits.AssertClose(expected, OrtModel.RunAsWritten(folder["export.onnx"], s_x, 4, 2), 1e-5f);
    }

    static OnnxBuilder Start(int opset)
    {
        var b = new OnnxBuilder("g", 7, opset);
        b.Input("x", OnnxDataType.Float, 4, 2).Output("y", OnnxDataType.Float, 4, 3);
        b.Initializer("w", [1f, 2, 3, 4, 5, 6], 2, 3);
        return b;
    }

    static byte[] Norm(int opset, bool isTraining)
    {
        var b = Start(opset);
        b.Initializer("scale", [1f, 2f], 2).Initializer("shift", [0.5f, -0.5f], 2).Initializer("mean", [0.1f, 0.2f], 2).Initializer("var", [0.7f, 1.4f], 2);
        string[] outputs = !isTraining ? ["n"] : opset < 14 ? ["n", "m1", "v1", "sm", "sv"] : ["n", "m1", "v1"];
        var node = b.Node("BatchNormalization", ["x", "scale", "shift", "mean", "var"], outputs);
        if (isTraining && opset >= 14) node.Int("training_mode", 1);
        b.Node("MatMul", ["n", "w"], ["y"]);
        return b.ToBytes();
    }

    static byte[] Dropped(bool isTraining)
    {
        var b = Start(13);
        b.Initializer("ratio", [0.5f]).Initializer("t", OnnxDataType.Bool, [1]);
        b.Node("Dropout", isTraining ? ["x", "ratio", "t"] : ["x", "ratio"], ["d"]);
        b.Node("MatMul", ["d", "w"], ["y"]);
        return b.ToBytes();
    }
}
