using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Graphs;

/// <summary>
/// y = alpha * x W + b with x [..., k] taken as [m, k], W [n, k] (transposed) or [k, n], b [n] or absent: ONNX Gemm, and MatMul
/// where the right side is a matrix.
/// </summary>
sealed class GemmOperator(string type, float alpha, bool transposed) : Operator
{
    readonly MaterialisedGradient _gradient = new();

    public override string Type => type;

    public override bool TakesWeights(int input) => input == 1;

    public override ParameterRole RoleOf(int input) => input == 2 ? ParameterRole.Bias : ParameterRole.Weight;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => input switch { 0 => wants(1), 1 => wants(0), _ => false };

    public override long MultiplyAdds(Node node) => (long)node.Outputs[0].Shape.Count * Inner(node);

    int Inner(Node node) => node.Inputs[1]!.Shape[transposed ? 1 : 0];

    (int M, int N, int K) Sizes(Node node)
    {
        var w = node.Inputs[1]!.Shape;
        var (n, k) = transposed ? (w[0], w[1]) : (w[1], w[0]);
        return (k == 0 ? 0 : node.Inputs[0]!.Shape.Count / k, n, k);
    }

    public override void Forward(NodeContext c)
    {
        var (m, n, k) = Sizes(c.Node);
        Gemm.MultiplyWeights(c.Workers, c.Input(0), k, c.WeightsOrValues(1), transposed, c.Input(2), alpha, c.Output(), m, n, k);
    }

    public override void Backward(NodeContext c)
    {
        var (m, n, k) = Sizes(c.Node);
        var dy = c.OutputGradient();
        if (c.Wants(1))
        {
            var x = c.Input(0);
            if (c.IsWeights(1))
            {
                if (transposed) c.WeightGradient(1, dy, x, m, alpha);
                else c.WeightGradient(1, x, dy, m, alpha);
            }
            else
            {
                var sink = _gradient.Into(c.InputGradientBuffer(1)!, c, transposed ? k : n);
                if (transposed) WeightGradient.Gemm(c.Workers, dy, n, x, k, m, n, k, alpha, sink);
                else WeightGradient.Gemm(c.Workers, x, k, dy, n, m, k, n, alpha, sink);
            }
        }
        if (c.Wants(2)) Reduction.ColumnSums(dy, c.InputGradient(2), m, n);
        if (c.Wants(0)) Gemm.MultiplyWeights(c.Workers, dy, n, c.WeightsOrValues(1), !transposed, default, alpha, c.InputGradient(0), m, k, n);
    }

    internal override void ForwardAccesses(NodeAccesses c)
    {
        var (m, n, k) = Sizes(c.Node);
        Gemm.MultiplyWeightsAccesses(c.Stream, c.Input(0)!.Value, k, c.WeightsOrValues(1), transposed, c.Input(2), alpha, c.Output(), m, n, k);
    }

    internal override void BackwardAccesses(NodeAccesses c)
    {
        var (m, n, k) = Sizes(c.Node);
        var dy = c.OutputGradient();
        c.Phase(TrafficPhase.BackwardWeight);
        if (c.Wants(1))
        {
            var x = c.Input(0)!.Value;
            if (!c.IsWeights(1)) c.StreamBackward();
            else if (transposed) c.WeightGradient(1, dy, x, m, alpha);
            else c.WeightGradient(1, x, dy, m, alpha);
        }
        if (c.InputGradient(2) is { } bias) ElementwiseAccesses.Stream(c.Stream, [(dy, (long)m * n)], [(bias, n)]);
        c.Phase(TrafficPhase.BackwardData);
        if (c.InputGradient(0) is { } dx)
            Gemm.MultiplyWeightsAccesses(c.Stream, dy, n, c.WeightsOrValues(1), !transposed, null, alpha, dx, m, k, n);
    }
}
