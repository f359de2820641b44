using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Store;

namespace EdgeDropBack.Tests.Onnx;

/// <summary>Files whose nodes do not stand behind those that they read from.</summary>
public sealed class NodeOrderTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NodesThatAreSortedStayWhereTheyAre()
    {
        Write(("a", "x"), ("c", "x"), ("b", "a"), ("y", "b"));
        using var model = OnnxModel.Open(_folder["m.onnx"]);
        Assert.Empty(model.NodeOrders);
        Assert.Equal(["a", "c", "b", "y"], model.Graph.Nodes.Select(n => n.Outputs[0]));
    }

    [Fact]
    public void ANodeMovesOnlyAsFarToTheFrontAsAnotherNeedsIt()
    {
        Write(("z", "x"), ("y", "b"), ("u", "x"), ("b", "a"), ("a", "x"));
        using var model = OnnxModel.Open(_folder["m.onnx"]);
        Assert.Equal(["z", "a", "b", "y", "u"], model.Graph.Nodes.Select(n => n.Outputs[0]));
        Assert.Equal([0, 1, 2, 3, 4], model.Graph.Nodes.Select(n => n.Ordinal));
        Assert.Equal("[1, 4]", GraphImporter.Import(model, new ImportOptions()).Outputs[0].Shape.ToString());
    }

    [Fact]
    public void AnExportIsSortedAndHoldsEveryNodeOnce()
    {
        Write(("y", "b"), ("u", "x"), ("b", "a"), ("a", "x"));
        using (var model = OnnxModel.Open(_folder["m.onnx"])) OnnxExport.Write(model, new Dictionary<string, ReplacedTensor>(), _folder["sorted.onnx"]);
        using var sorted = OnnxModel.Open(_folder["sorted.onnx"]);
        Assert.Empty(sorted.NodeOrders);
        Assert.Equal(["a", "b", "y", "u"], sorted.Graph.Nodes.Select(n => n.Outputs[0]));
        Assert.Equal("x", sorted.Graph.Inputs[0].Name);
    }

    [Theory]
    [InlineData("Relu (node 1), Relu (node 0) each read what the next one writes", "b", "a")]
    [InlineData("Relu (node 0) reads its own output", "a", "x")]
    public void ACycleIsNamedWithItsNodes(string message, string first, string second)
    {
        Write(("a", first), ("b", second), ("y", "b"));
        Assert.Contains($"the nodes form a cycle: {message}", Assert.Throws<EdbException>(() => OnnxModel.Open(_folder["m.onnx"])).Message);
    }

    [Fact]
    public void AValueThatNothingProvidesIsNoCycle()
    {
        Write(("y", "missing"));
        using var model = OnnxModel.Open(_folder["m.onnx"]);
        Assert.Contains("no input, initializer or node in front provides value 'missing'", Assert.Throws<EdbException>(() => GraphImporter.Import(model, new ImportOptions())).Message);
    }

    /// <summary>A chain written from its end, as deep as a file may have nodes.</summary>
    [Fact]
    public void AReversedChainOfAsManyNodesAsAFileMayHaveIsSorted()
    {
        const int Count = OnnxGraphReader.MaxNodes;
        Write([.. Enumerable.Range(0, Count).Reverse().Select(i => ($"v{i + 1}", i == 0 ? "x" : $"v{i}"))]);
        using var model = OnnxModel.Open(_folder["m.onnx"]);
        Assert.Equal(("v1", $"v{Count}"), (model.Graph.Nodes[0].Outputs[0], model.Graph.Nodes[^1].Outputs[0]));
    }

    void Write(params (string Output, string Input)[] nodes)
    {
        var b = new OnnxBuilder("unsorted", opset: 13);
        b.Input("x", OnnxDataType.Float, "N", 4);
        foreach (var (output, input) in nodes) b.Node("Relu", [input], [output]);
        b.Output(nodes.Any(n => n.Output == "y") ? "y" : nodes[0].Output, OnnxDataType.Float, "N", 4);
        b.Write(_folder["m.onnx"]);
    }
}
