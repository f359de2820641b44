using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Concat: the inputs side by side along one axis.</summary>
sealed class ConcatOperator(int axis) : Operator
{
    public override string Type => "Concat";

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c)
    {
        var y = c.Node.Outputs[0].Shape;
        var (outer, row) = (y.Product(0, axis), y.Product(axis, y.Rank));
        for (int i = 0, offset = 0; i < c.Node.Inputs.Count; i++)
        {
            var shape = c.Node.Inputs[i]!.Shape;
            var length = shape.Product(axis, shape.Rank);
            Layout.CopyBlocks(c.Input(i), c.Output(), outer, length, 0, row, offset, length);
            offset += length;
        }
    }

    public override void Backward(NodeContext c)
    {
        var y = c.Node.Outputs[0].Shape;
        var (outer, row) = (y.Product(0, axis), y.Product(axis, y.Rank));
        for (int i = 0, offset = 0; i < c.Node.Inputs.Count; i++)
        {
            var shape = c.Node.Inputs[i]!.Shape;
            var length = shape.Product(axis, shape.Rank);
            if (c.Wants(i)) Layout.CopyBlocks(c.OutputGradient(), c.InputGradient(i), outer, row, offset, length, 0, length);
            offset += length;
        }
    }
}
