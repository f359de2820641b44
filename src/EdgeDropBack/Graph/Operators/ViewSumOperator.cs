using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>The adjoint of a rearrangement: every element of x is added to the place of y that it would come from.</summary>
/// <param name="view">From y to x.</param>
sealed class ViewSumOperator(string type, StridedView view) : Operator
{
    public override string Type => type;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c) => Layout.AddView(c.Input(0), c.Output(), view);

    public override void Backward(NodeContext c) => Layout.CopyView(c.OutputGradient(), c.InputGradient(0), view);
}
