namespace EdgeDropBack.Kernels;

/// <summary>Dense products. Every output element is one FMA chain over k, ascending.</summary>
public static unsafe partial class Gemm
{
    /// <summary>C = A B, or C + A B with the chain going on from C.</summary>
    /// <param name="w">Threads; the result does not depend on their number.</param>
    /// <param name="a">[m, k] with the given strides.</param>
    /// <param name="b">[k, n] with the given strides.</param>
    /// <param name="c">[m, n], rows contiguous.</param>
    public static void Multiply(Workers w, ReadOnlySpan<float> a, int aRowStride, int aColumnStride, ReadOnlySpan<float> b, int bRowStride,
        int bColumnStride, Span<float> c, int cRowStride, int m, int n, int k, bool accumulate = false)
    {
        Require.NotNegative(m, n, k);
        Require.Length(a.Length, Require.Span(m, aRowStride, k, aColumnStride));
        Require.Length(b.Length, Require.Span(k, bRowStride, n, bColumnStride));
        Require.Length(c.Length, Require.Span(m, cRowStride, n, 1));
        fixed (float* left = a, right = b, output = c)
        {
            ProductJob<DenseOperand, DenseOperand, DenseSink>.Run(w, new DenseOperand(left, aRowStride, aColumnStride),
                new DenseOperand(right, bColumnStride, bRowStride), new DenseSink(output, cRowStride, accumulate, 1, null), 1, m, n, k);
        }
    }

    /// <summary>y = alpha * (x W) + bias. One row takes a matrix-vector path that reads each weight once.</summary>
    /// <param name="w">Threads; the result does not depend on their number.</param>
    /// <param name="x">[m, k], rows <paramref name="xStride"/> apart.</param>
    /// <param name="weights">W, stored [n, k] when <paramref name="transposed"/> (ONNX Gemm's transB = 1), else [k, n].</param>
    /// <param name="bias">[n] or empty.</param>
    /// <param name="y">[m, n].</param>
    public static void MultiplyWeights(Workers w, ReadOnlySpan<float> x, int xStride, in WeightSource weights, bool transposed,
        ReadOnlySpan<float> bias, float alpha, Span<float> y, int m, int n, int k)
    {
        Require.Exactly(weights.Length, (long)n * k, "weights");
        MultiplyPart(w, x, xStride, weights, 0, transposed, bias, alpha, y, m, n, k);
    }

    /// <summary>The same with a matrix that lies within the weights.</summary>
    /// <param name="origin">Weights in front of the matrix.</param>
    public static void MultiplyPart(Workers w, ReadOnlySpan<float> x, int xStride, in WeightSource weights, long origin, bool transposed,
        ReadOnlySpan<float> bias, float alpha, Span<float> y, int m, int n, int k)
    {
        Require.NotNegative(m, n, k);
        Require.Length(x.Length, Require.Span(m, xStride, k, 1));
        Require.Length(weights.Length, origin + (long)n * k);
        Require.Empty(bias.Length, n, "biases");
        Require.Length(y.Length, (long)m * n);
        fixed (float* input = x, offsets = bias, output = y)
        fixed (byte* bytes = weights.Base)
        fixed (int* tileStarts = weights.TileStarts)
        fixed (ushort* indices = weights.Indices)
        fixed (float* values = weights.Values)
        {
            if (weights.Length == (long)n * k && SparseTuning.Takes(weights))
            {
                SparseProductJob.Run(w, input, xStride, new SparseWeights(tileStarts, indices, values), transposed, offsets, alpha, output, m, n, k);
                return;
            }
            var view = new WeightView(weights, bytes, tileStarts, indices, values);
            var right = new WeightOperand(view, transposed ? k : n, 0, transposed, origin);
            if (m == 1)
                MatrixVectorJob.Run(w, input, right, transposed, offsets, alpha, output, n, k);
            else if (ThinProductJob.Takes(KernelTable.Family, m, n, k))
                ThinProductJob.Run(w, input, xStride, right, transposed, offsets, alpha, output, m, n, k);
            else
                ProductJob<DenseOperand, WeightOperand, DenseSink>.Run(w, new DenseOperand(input, xStride, 1), right,
                    new DenseSink(output, n, false, alpha, offsets), 1, m, n, k);
        }
    }
}
