using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Graphs;

/// <summary>An ONNX operator that works element by element on two inputs, broadcast as numpy does.</summary>
sealed class BinaryOperator(string type, BinaryKind kind, Broadcast broadcast) : Operator
{
    /// <summary>Neither operand is repeated.</summary>
    readonly bool _isPlainSum = kind == BinaryKind.Add && broadcast.CountA == broadcast.Count && broadcast.CountB == broadcast.Count;

    public override string Type => type;

    public override ParameterRole RoleOf(int input) => kind is BinaryKind.Add or BinaryKind.Sub ? ParameterRole.Bias : ParameterRole.Other;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => kind switch
    {
        BinaryKind.Add or BinaryKind.Sub => false,
        BinaryKind.Mul => wants(1 - input),
        _ => true,
    };

    public override bool CanRunBackwardInPlace(Node node) => _isPlainSum;

    public override bool CanRectify(Node node) => _isPlainSum;

    public override void Forward(NodeContext c)
    {
        if (_isPlainSum) Elementwise.Add(c.Workers, c.Input(0), c.Input(1), c.Output(), c.IsRectified);
        else Elementwise.Binary(kind, broadcast, c.Input(0), c.Input(1), c.Output());
    }

    public override void Backward(NodeContext c)
    {
        if (_isPlainSum)
            Elementwise.AddBackward(c.Workers, c.IsRectified ? c.Output() : default, c.OutputGradient(), c.InputGradient(0), c.InputGradient(1));
        else
            Elementwise.BinaryBackward(kind, broadcast, c.Input(0), c.Input(1), c.OutputGradient(), c.InputGradient(0), c.InputGradient(1));
    }

    internal override void BackwardAccesses(NodeAccesses c)
    {
        if (_isPlainSum)
            Elementwise.AddBackwardAccesses(c.Stream, c.IsRectified ? c.Output() : null, c.OutputGradient(), c.InputGradient(0), c.InputGradient(1),
                c.Node.Outputs[0].Shape.Count);
        else
            c.StreamBackward();
    }
}
