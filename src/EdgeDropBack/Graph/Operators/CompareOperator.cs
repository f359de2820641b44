using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>An ONNX comparison or logical operator of two inputs of equal shape; true is 1, false is 0, and no gradient passes.</summary>
sealed class CompareOperator(string type, CompareKind kind) : Operator
{
    public override string Type => type;

    public override bool StopsGradient => true;

    public override void Forward(NodeContext c)
    {
        var a = c.Input(0);
        var b = c.Input(1);
        var y = c.Output();
        for (var i = 0; i < y.Length; i++) y[i] = Holds(kind, a[i], b[i]) ? 1f : 0f;
    }

    public static bool Holds(CompareKind kind, double a, double b) => kind switch
    {
        CompareKind.Equal => a == b,
        CompareKind.NotEqual => a != b,
        CompareKind.Greater => a > b,
        CompareKind.GreaterOrEqual => a >= b,
        CompareKind.Less => a < b,
        CompareKind.LessOrEqual => a <= b,
        CompareKind.And => a != 0 && b != 0,
        CompareKind.Or => a != 0 || b != 0,
        _ => a != 0 != (b != 0),
    };
}
