using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>Elements picked by a start and strides: Slice, Expand, Tile, DepthToSpace, SpaceToDepth.</summary>
sealed class StridedViewOperator(string type, StridedView view) : Operator
{
    public override string Type => type;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c) => Layout.CopyView(c.Input(0), c.Output(), view);

    public override void Backward(NodeContext c) => Layout.AddView(c.OutputGradient(), c.InputGradient(0), view);
}
