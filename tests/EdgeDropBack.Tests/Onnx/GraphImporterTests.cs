using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Store;

namespace EdgeDropBack.Tests.Onnx;

/// <summary>What exporters leave in a file, as a graph for another batch size.</summary>
public sealed class GraphImporterTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AReshapedWeightAsLongAsTheBatchStaysAWeight()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, 1, 4, 2, 2).Initializer("bias", Values(4), 4).Initializer("shape", new long[] { 1, -1, 1, 1 }, 4);
        b.Node("Reshape", ["bias", "shape"], ["reshaped"]);
        b.Node("Add", ["x", "reshaped"], ["y"]);
        var graph = Import(b.Output("y", OnnxDataType.Float, 1, 4, 2, 2), 4);
        Assert.Equal("[1, 4, 1, 1]", graph.Nodes.Single(n => n.Operator.Type == "Reshape").Outputs[0].Shape.ToString());
    }

    [Fact]
    public void ATokenOfADeclaredBatchOfOneStandsBeforeEverySample()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, 1, 3, 4).Initializer("token", Values(4), 1, 1, 4);
        b.Node("Concat", ["token", "x"], ["y"]).Int("axis", 1);
        Assert.Equal("[5, 4, 4]", Import(b.Output("y", OnnxDataType.Float, 1, 4, 4), 5).Outputs[0].Shape.ToString());
    }

    [Fact]
    public void ALayerOfOneOutputHasATrainableBias()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 3).Initializer("w", Values(3), 1, 3).Initializer("b", Values(1), 1).Initializer("half", Values(1), 1);
        b.Node("Gemm", ["x", "w", "b"], ["h"]).Int("transB", 1);
        b.Node("Mul", ["h", "half"], ["y"]);
        Assert.Equal(["w", "b"], Import(b.Output("y", OnnxDataType.Float, "N", 1), 2).Parameters.Select(p => p.Name));
    }

    [Fact]
    public void HalfPrecisionWeightsBehindACastAreReadWhilePacking()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 3).Initializer("w", OnnxDataType.Float16, new byte[12], 3, 2);
        b.Node("Cast", ["w"], ["w32"]).Int("to", (long)OnnxDataType.Float);
        b.Node("MatMul", ["x", "w32"], ["y"]);
        var graph = Import(b.Output("y", OnnxDataType.Float, "N", 2), 2);
        Assert.True(graph.Parameters.Single().IsMatrix);
        Assert.Equal("MatMul", graph.Nodes.Single().Operator.Type);
    }

    [Theory]
    [InlineData("Conv")]
    [InlineData("MaxPool")]
    [InlineData("AveragePool")]
    public void AWindowLargerThanItsInputIsRefusedByName(string opType)
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 1, 3, 3).Initializer("w", Values(32), 2, 1, 4, 4);
        b.Node(opType, opType == "Conv" ? ["x", "w"] : ["x"], ["y"], "window").Ints("kernel_shape", 4, 4).Ints("strides", 2, 2);
        var refused = Assert.Throws<EdbException>(() => Import(b.Output("y", OnnxDataType.Float, "N", 2, 1, 1), 1));
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("window", refused.Message, StringComparison.Ordinal);
        Assert.Contains("larger than the padded input", refused.Message, StringComparison.Ordinal);
    }

    Graph Import(OnnxBuilder b, int batch)
    {
        b.Write(_folder["model.onnx"]);
        using var model = OnnxModel.Open(_folder["model.onnx"]);
        return GraphImporter.Import(model, new ImportOptions { Batch = batch });
    }

    static float[] Values(int count) => [.. Enumerable.Range(0, count).Select(i => 0.5f + i * 0.25f)];
}
