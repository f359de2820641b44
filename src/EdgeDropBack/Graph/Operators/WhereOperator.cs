using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Where on three inputs of equal shape: condition, what is taken where it is not 0, what is taken elsewhere.</summary>
sealed class WhereOperator : Operator
{
    public override string Type => "Where";

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => input == 0;

    public override void Forward(NodeContext c) => Elementwise.Where(c.Input(0), c.Input(1), c.Input(2), c.Output());

    public override void Backward(NodeContext c)
    {
        Elementwise.WhereBackward(c.Input(0), c.OutputGradient(), c.InputGradient(1), c.InputGradient(2));
        c.InputGradient(0).Clear();
    }
}
