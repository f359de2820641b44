using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX MatMul of two activations: matrices in the last two dimensions, the others broadcast.</summary>
sealed class MatMulOperator : Operator
{
    readonly int _m, _n, _k;
    readonly int[] _a, _b;

    /// <param name="a">[..., m, k].</param>
    /// <param name="b">[..., k, n].</param>
    /// <param name="y">[..., m, n].</param>
    public MatMulOperator(Shape a, Shape b, Shape y)
    {
        (_m, _k, _n) = (a[a.Rank - 2], a[a.Rank - 1], b[b.Rank - 1]);
        _a = Offsets(a, y, _m * _k);
        _b = Offsets(b, y, _k * _n);
    }

    public override string Type => "MatMul";

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => wants(1 - input);

    public override long MultiplyAdds(Node node) => (long)node.Outputs[0].Shape.Count * _k;

    public override void Forward(NodeContext c)
    {
        for (var i = 0; i < _a.Length; i++)
            Gemm.Multiply(c.Workers, c.Input(0)[_a[i]..], _k, 1, c.Input(1)[_b[i]..], _n, 1, c.Output()[(i * _m * _n)..], _n, _m, _n, _k);
    }

    public override void Backward(NodeContext c)
    {
        c.InputGradient(0).Clear();
        c.InputGradient(1).Clear();
        for (var i = 0; i < _a.Length; i++)
        {
            var dy = c.OutputGradient()[(i * _m * _n)..];
            if (c.Wants(0)) Gemm.Multiply(c.Workers, dy, _n, 1, c.Input(1)[_b[i]..], 1, _n, c.InputGradient(0)[_a[i]..], _k, _m, _k, _n, true);
            if (c.Wants(1)) Gemm.Multiply(c.Workers, c.Input(0)[_a[i]..], 1, _k, dy, _n, 1, c.InputGradient(1)[_b[i]..], _n, _k, _n, _m, true);
        }
    }

    /// <summary>Where each of the output's matrices finds its operand.</summary>
    static int[] Offsets(Shape operand, Shape y, int matrix)
    {
        var count = y.Product(0, y.Rank - 2);
        var offsets = new int[count];
        for (var i = 0; i < count; i++)
        {
            var (rest, stride) = (i, 1);
            for (var d = 3; d <= y.Rank; d++)
            {
                var coordinate = rest % y[y.Rank - d];
                rest /= y[y.Rank - d];
                if (d > operand.Rank) continue;
                var size = operand[operand.Rank - d];
                if (size > 1) offsets[i] += coordinate * stride * matrix;
                stride *= size;
            }
        }
        return offsets;
    }
}
