using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Pad; negative pads crop.</summary>
sealed class PadOperator(PadShape shape, float value) : Operator
{
    public override string Type => "Pad";

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c) => Layout.Pad(c.Input(0), c.Output(), value, shape);

    public override void Backward(NodeContext c) => Layout.PadBackward(c.OutputGradient(), c.InputGradient(0), shape);
}
