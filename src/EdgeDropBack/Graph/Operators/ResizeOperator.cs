using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Resize and Upsample of the last two dimensions.</summary>
sealed class ResizeOperator(string type, int planes, ResizeAxis rows, ResizeAxis columns) : Operator
{
    public override string Type => type;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override void Forward(NodeContext c) => Resize.Forward(c.Input(0), c.Output(), planes, rows, columns);

    public override void Backward(NodeContext c) => Resize.Backward(c.OutputGradient(), c.InputGradient(0), planes, rows, columns);
}
