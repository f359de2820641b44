using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>An ONNX reduction over some axes.</summary>
sealed class ReduceOperator(string type, ReduceKind kind, ReduceShape shape) : Operator
{
    public override string Type => type;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants)
        => Reduction.ReduceBackwardReads(kind).HasFlag(BackwardReads.Input);

    public override bool BackwardReadsOutput => Reduction.ReduceBackwardReads(kind).HasFlag(BackwardReads.Output);

    public override void Forward(NodeContext c) => Reduction.Reduce(kind, shape, c.Input(0), c.Output());

    public override void Backward(NodeContext c)
        => Reduction.ReduceBackward(kind, shape, c.Input(0), c.Output(), c.OutputGradient(), c.InputGradient(0));
}
