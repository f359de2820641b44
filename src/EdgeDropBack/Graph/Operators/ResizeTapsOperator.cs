using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Resize along one axis of [outer, size, inner], with any filter.</summary>
sealed class ResizeTapsOperator(int outer, int inner, ResizeTaps taps, float outside) : Operator
{
    public override string Type => "Resize";

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override void Forward(NodeContext c) => Resize.Forward(c.Input(0), c.Output(), outer, inner, taps, outside);

    public override void Backward(NodeContext c) => Resize.Backward(c.OutputGradient(), c.InputGradient(0), outer, inner, taps);
}
