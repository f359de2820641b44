using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX AveragePool in one or two dimensions, and GlobalAveragePool.</summary>
sealed class AveragePoolOperator(string type, PoolShape shape) : Operator
{
    public override string Type => type;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override void Forward(NodeContext c) => AveragePool.Forward(c.Input(0), c.Output(), shape);

    public override void Backward(NodeContext c) => AveragePool.Backward(c.OutputGradient(), c.InputGradient(0), shape);
}
