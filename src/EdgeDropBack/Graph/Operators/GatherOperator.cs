using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Gather over [outer, axis, inner]: input 1 holds whole numbers, negative ones from the end.</summary>
sealed class GatherOperator(int outer, int axis, int inner) : Operator
{
    public override string Type => "Gather";

    public override int SavedFloats(Node node) => node.Inputs[1]!.Shape.Count;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c)
    {
        var indices = c.SavedIntegers;
        WholeNumbers.Indices(c, c.Input(1), axis, indices);
        Layout.Gather(c.Input(0), indices, c.Output(), outer, axis, inner);
    }

    public override void Backward(NodeContext c)
    {
        if (c.Wants(0)) Layout.GatherBackward(c.OutputGradient(), c.SavedIntegers, c.InputGradient(0), outer, axis, inner);
        c.InputGradient(1).Clear();
    }
}
