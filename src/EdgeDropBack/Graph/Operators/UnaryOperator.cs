using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>An ONNX operator that works element by element on one input.</summary>
sealed class UnaryOperator(string type, UnaryKind kind, float alpha = 0f, float beta = 0f) : Operator
{
    readonly bool _readsInput = UnaryKinds.BackwardReads(kind).HasFlag(BackwardReads.Input);
    readonly bool _readsOutput = UnaryKinds.BackwardReads(kind).HasFlag(BackwardReads.Output);

    public override string Type => type;

    public UnaryKind Kind => kind;

    public override bool CanRunInPlace => true;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => _readsInput;

    public override bool BackwardReadsOutput => _readsOutput;

    public override void Forward(NodeContext c) => Elementwise.Unary(c.Workers, kind, c.Input(0), c.Output(), alpha, beta);

    public override void Backward(NodeContext c)
        => Elementwise.UnaryBackward(c.Workers, kind, _readsInput ? c.Input(0) : default, _readsOutput ? c.Output() : default,
            c.OutputGradient(), c.InputGradient(0), alpha, beta);
}
