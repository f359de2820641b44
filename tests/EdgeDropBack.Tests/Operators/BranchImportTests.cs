using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Operators;

/// <summary>An If whose condition is known stands for the branch that it chooses.</summary>
public sealed class BranchImportTests
{
    [Theory]
    [InlineData(1, "Tanh")]
    [InlineData(0, "Relu")]
    public void TheBranchThatTheConditionChoosesIsTaken(long condition, string expected)
    {
        var graph = Import(b => b.Initializer("c", OnnxDataType.Bool, [(byte)condition]));
        Assert.Equal([expected, "Identity", "MatMul"], graph.Nodes.Select(n => n.Operator.Type));
        Assert.Equal(["w"], graph.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void AConditionOfTheDataIsRefused()
    {
        var refusal = Assert.Throws<EdbException>(() => Import(b =>
        {
            b.Node("ReduceMax", ["x"], ["largest"]).Int("keepdims", 0);
            b.Node("Greater", ["largest", "half"], ["c"]);
            b.Initializer("half", [0.5f]);
        }));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("condition is computed at run time", refusal.Message);
        Assert.Contains("(node 2)", refusal.Message);
    }

    [Fact]
    public void AnOperatorInABranchIsNamedWithIt()
    {
        var refusal = Assert.Throws<EdbException>(() => Import(b => b.Initializer("c", OnnxDataType.Bool, [1]), "Nothing"));
        Assert.Contains("then_branch", refusal.Message);
        Assert.Contains("Nothing", refusal.Message);
    }

    static Graph Import(Action<OnnxBuilder> condition, string taken = "Tanh")
    {
        var b = new OnnxBuilder("branches");
        b.Input("x", OnnxDataType.Float, "N", 4).Output("y", OnnxDataType.Float, "N", 2);
        condition(b);
        var then = new OnnxBuilder("then");
        then.Node(taken, ["x"], ["t"]);
        then.Output("t", OnnxDataType.Float);
        var other = new OnnxBuilder("else");
        other.Node("Relu", ["x"], ["r"]);
        other.Initializer("unused", [1f, 2], 2);
        other.Output("r", OnnxDataType.Float);
        b.Node("If", ["c"], ["h"]).Graph("then_branch", then).Graph("else_branch", other);
        b.Initializer("w", [1f, 2, 3, 4, 5, 6, 7, 8], 4, 2);
        b.Node("MatMul", ["h", "w"], ["y"]);
        using var model = OnnxModel.Open(b.ToBytes());
        return GraphImporter.Import(model, new ImportOptions());
    }
}
