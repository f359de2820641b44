namespace EdgeDropBack.Kernels;

public static unsafe partial class Gemm
{
    /// <summary>The accesses of <see cref="MultiplyWeights"/>, by the path that it takes.</summary>
    public static void MultiplyWeightsAccesses(AccessStream s, MemoryBlock x, int xStride, WeightAccesses weights, bool transposed,
        MemoryBlock? bias, float alpha, MemoryBlock y, int m, int n, int k)
    {
        if (SparseTuning.Takes(weights))
        {
            SparseProductJob.Accesses(s, x, xStride, weights, transposed, bias, alpha, y, m, n, k);
            return;
        }
        var right = new WeightOperandAccesses(weights, transposed ? k : n, 0, transposed);
        if (m == 1)
            MatrixVectorJob.Accesses(s, x, right, transposed, bias, y, n, k);
        else if (ThinProductJob.Takes(s.Kernels, m, n, k))
            ThinProductJob.Accesses(s, x, xStride, right, transposed, bias, alpha, y, m, n, k);
        else
            ProductAccesses.Run(s, new DenseOperandAccesses(x, xStride, 1), right, new DenseSinkAccesses(y, n, false, bias, isScaled: alpha != 1), 1, m, n, k);
    }

    /// <summary>The accesses of <see cref="Multiply"/>.</summary>
    public static void MultiplyAccesses(AccessStream s, MemoryBlock a, int aRowStride, int aColumnStride, MemoryBlock b, int bRowStride,
        int bColumnStride, MemoryBlock c, int cRowStride, int m, int n, int k, bool accumulate = false)
        => ProductAccesses.Run(s, new DenseOperandAccesses(a, aRowStride, aColumnStride), new DenseOperandAccesses(b, bColumnStride, bRowStride),
            new DenseSinkAccesses(c, cRowStride, accumulate, null), 1, m, n, k);
}
