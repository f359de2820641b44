using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX MaxPool in one or two dimensions; the places of the maxima are kept for the backward.</summary>
sealed class MaxPoolOperator(string type, PoolShape shape) : Operator
{
    public override string Type => type;

    public override int SavedFloats(Node node) => node.Outputs[0].Shape.Count;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override void Forward(NodeContext c) => MaxPool.Forward(c.Workers, c.Input(0), c.Output(), c.SavedIntegers, shape);

    public override void Backward(NodeContext c) => MaxPool.Backward(c.Workers, c.OutputGradient(), c.SavedIntegers, c.InputGradient(0), shape);

    internal override void BackwardAccesses(NodeAccesses c)
        => MaxPool.BackwardAccesses(c.Stream, c.OutputGradient(), c.Saved!.Value, c.InputGradient(0)!.Value, shape);
}
