using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Split: the outputs lie side by side along one axis of the input.</summary>
sealed class SplitOperator(int axis) : Operator
{
    public override string Type => "Split";

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c)
    {
        var x = c.Node.Inputs[0]!.Shape;
        var (outer, row) = (x.Product(0, axis), x.Product(axis, x.Rank));
        for (int i = 0, offset = 0; i < c.Node.Outputs.Count; i++)
        {
            var shape = c.Node.Outputs[i].Shape;
            var length = shape.Product(axis, shape.Rank);
            Layout.CopyBlocks(c.Input(0), c.Output(i), outer, row, offset, length, 0, length);
            offset += length;
        }
    }

    public override void Backward(NodeContext c)
    {
        var x = c.Node.Inputs[0]!.Shape;
        var (outer, row) = (x.Product(0, axis), x.Product(axis, x.Rank));
        for (int i = 0, offset = 0; i < c.Node.Outputs.Count; i++)
        {
            var shape = c.Node.Outputs[i].Shape;
            var length = shape.Product(axis, shape.Rank);
            Layout.CopyBlocks(c.OutputGradient(i), c.InputGradient(0), outer, length, 0, row, offset, length);
            offset += length;
        }
    }
}
