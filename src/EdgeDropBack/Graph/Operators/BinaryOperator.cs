using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>An ONNX operator that works element by element on two inputs, broadcast as numpy does.</summary>
sealed class BinaryOperator(string type, BinaryKind kind, Broadcast broadcast) : Operator
{
    public override string Type => type;

    public override ParameterRole RoleOf(int input) => kind is BinaryKind.Add or BinaryKind.Sub ? ParameterRole.Bias : ParameterRole.Other;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => kind switch
    {
        BinaryKind.Add or BinaryKind.Sub => false,
        BinaryKind.Mul => wants(1 - input),
        _ => true,
    };

    public override void Forward(NodeContext c) => Elementwise.Binary(kind, broadcast, c.Input(0), c.Input(1), c.Output());

    public override void Backward(NodeContext c)
        => Elementwise.BinaryBackward(kind, broadcast, c.Input(0), c.Input(1), c.OutputGradient(), c.InputGradient(0), c.InputGradient(1));
}
