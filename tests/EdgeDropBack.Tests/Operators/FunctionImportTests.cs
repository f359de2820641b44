using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Operators;

/// <summary>Functions that a model defines stand for their nodes.</summary>
public sealed class FunctionImportTests
{
    [Fact]
    public void ACallBecomesTheNodesOfTheFunction()
    {
        var graph = Import(b =>
        {
            var dense = b.Function("custom", "Dense", ["x", "w"], ["y", "same"], "slope");
            dense.Node("MatMul", ["x", "w"], ["h"]);
            dense.Node("LeakyRelu", ["h"], ["y"]).Reference("alpha", OnnxAttributeType.Float, "slope");
            dense.Node("Identity", ["x"], ["same"]);
            b.Opset("custom", 1);
            b.Node("Dense", ["x", "w"], ["h", "copy"], "first", "custom").Float("slope", 0.25f);
            b.Node("Dense", ["h", "v"], ["y"], "second", "custom").Float("slope", 0.5f);
        });
        Assert.Equal(["MatMul", "LeakyRelu", "MatMul", "LeakyRelu"], graph.Nodes.Select(n => n.Operator.Type));
        Assert.Equal(["w", "v"], graph.Parameters.Select(p => p.Name));
        Assert.Equal("first/MatMul_0", graph.Nodes[0].Name);
    }

    [Fact]
    public void FunctionsCallFunctionsAndPassAttributesOn()
    {
        var graph = Import(b =>
        {
            var inner = b.Function("custom", "Activate", ["x"], ["y"], "alpha");
            inner.Node("Elu", ["x"], ["y"]).Reference("alpha", OnnxAttributeType.Float, "alpha");
            var outer = b.Function("custom", "Dense", ["x", "w"], ["y"], "slope");
            outer.Node("MatMul", ["x", "w"], ["y0"]);
            outer.Node("Activate", ["y0"], ["y"], "", "custom").Reference("alpha", OnnxAttributeType.Float, "slope");
            b.Opset("custom", 1);
            b.Node("Dense", ["x", "w"], ["y"], "", "custom").Float("slope", 0.25f);
        });
        Assert.Equal(["MatMul", "Elu"], graph.Nodes.Select(n => n.Operator.Type));
    }

    [Fact]
    public void AFunctionThatCallsItselfIsRefused()
    {
        var refusal = Assert.Throws<EdbException>(() => Import(b =>
        {
            var round = b.Function("custom", "Round", ["x"], ["y"]);
            round.Node("Round", ["x"], ["y"], "", "custom");
            b.Opset("custom", 1);
            b.Node("Round", ["x"], ["y"], "", "custom");
        }));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("calls itself", refusal.Message);
    }

    [Fact]
    public void AnUnknownOperatorInAFunctionIsNamedWithIt()
    {
        var refusal = Assert.Throws<EdbException>(() => Import(b =>
        {
            var odd = b.Function("custom", "Odd", ["x"], ["y"]);
            odd.Node("NonZero", ["x"], ["y"]);
            b.Opset("custom", 1);
            b.Node("Odd", ["x"], ["y"], "", "custom");
        }));
        Assert.Contains("in function Odd", refusal.Message);
        Assert.Contains("NonZero is not supported", refusal.Message);
    }

    static Graph Import(Action<OnnxBuilder> build)
    {
        var b = new OnnxBuilder("functions");
        b.Input("x", OnnxDataType.Float, "N", 3);
        b.Initializer("w", new float[9], 3, 3);
        b.Initializer("v", new float[9], 3, 3);
        build(b);
        b.Output("y", OnnxDataType.Float);
        using var model = OnnxModel.Open(b.ToBytes());
        return GraphImporter.Import(model, new ImportOptions());
    }
}
