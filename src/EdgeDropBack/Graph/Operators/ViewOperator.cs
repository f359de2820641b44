using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>The same elements under another shape: Reshape, Flatten, Squeeze, Unsqueeze, Identity. Costs nothing and runs never.</summary>
sealed class ViewOperator(string type) : Operator
{
    public override string Type => type;

    public override bool IsView => true;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c)
    {
    }
}
