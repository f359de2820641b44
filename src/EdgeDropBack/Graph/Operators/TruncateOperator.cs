using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Cast to integers (towards zero) or to truth values; no gradient passes.</summary>
sealed class TruncateOperator(bool toBool) : Operator
{
    public override string Type => "Cast";

    public override bool StopsGradient => true;

    public override void Forward(NodeContext c)
    {
        var x = c.Input(0);
        var y = c.Output();
        for (var i = 0; i < y.Length; i++) y[i] = toBool ? (x[i] != 0f ? 1f : 0f) : MathF.Truncate(x[i]);
    }
}
