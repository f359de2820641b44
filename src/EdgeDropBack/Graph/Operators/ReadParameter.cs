using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Graphs;

/// <summary>
/// Writes a parameter's present values into the arena for operators that do not read weights while packing (biases, scales, slopes),
/// and passes the sum of the gradients of all uses on to the parameter.
/// </summary>
sealed class ReadParameter : Operator
{
    public override string Type => "ReadParameter";

    public override bool TakesWeights(int input) => true;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c) => c.Weights(0).CopyTo(0, c.Output());

    public override void Backward(NodeContext c)
    {
        if (c.Wants(0)) c.ParameterGradient(c.Node.Inputs[0]!.Parameter!, c.MutableOutputGradient());
    }

    internal override void ForwardAccesses(NodeAccesses c) => c.WeightsOrValues(0).Copy(c.Stream, 0, c.Node.Inputs[0]!.Shape.Count, c.Output());

    internal override void BackwardAccesses(NodeAccesses c)
    {
        c.Phase(TrafficPhase.BackwardWeight);
        if (c.Wants(0)) c.ParameterGradient(c.Node.Inputs[0]!.Parameter!, c.OutputGradient());
    }
}
