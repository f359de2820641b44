using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX LpPool and GlobalLpPool.</summary>
sealed class LpPoolOperator(string type, int p, PoolShape shape) : Operator
{
    public override string Type => type;

    public override bool BackwardReadsOutput => true;

    public override void Forward(NodeContext c) => LpPool.Forward(c.Input(0), c.Output(), p, shape);

    public override void Backward(NodeContext c)
        => LpPool.Backward(c.Input(0), c.Output(), c.OutputGradient(), c.InputGradient(0), p, shape);
}
