namespace EdgeDropBack.Kernels;

sealed unsafe partial class MatrixVectorJob
{
    /// <summary>The accesses of one row times weights.</summary>
    public static void Accesses(AccessStream s, MemoryBlock x, WeightOperandAccesses weights, bool transposed, MemoryBlock? bias, MemoryBlock y,
        int n, int k)
    {
        var sums = s.Scratch;
        var staging = sums.From(Columns);
        for (var column = 0; column < n; column += Columns)
        {
            var columns = Math.Min(Columns, n - column);
            s.Write(sums, 0, Columns);
            if (transposed) RowAccesses(s, x, weights, column, columns, k, sums, staging);
            else LineAccesses(s, x, weights, column, columns, k, sums, staging);
            if (bias is { } offsets) s.Read(offsets, column, columns);
            s.Write(y, column, columns);
        }
    }

    static void RowAccesses(AccessStream s, MemoryBlock x, WeightOperandAccesses weights, int column, int columns, int k, MemoryBlock sums,
        MemoryBlock staging)
    {
        for (var c = 0; c < columns; c += Rows)
        {
            for (var start = 0; start < k; start += RowDepth)
            {
                var depth = Math.Min(RowDepth, k - start);
                for (var r = 0; r < Math.Min(Rows, columns - c); r++)
                    s.Read(weights.Load(s, 0, column + c + r, start, depth, staging.From(r * RowStride)), 0, depth);
                s.Read(x, start, depth);
                s.Write(sums, c, Rows);
            }
        }
    }

    static void LineAccesses(AccessStream s, MemoryBlock x, WeightOperandAccesses weights, int column, int columns, int k, MemoryBlock sums,
        MemoryBlock staging)
    {
        for (var d = 0; d < k; d++)
        {
            s.Read(weights.Load(s, 0, d, column, columns, staging.From(d % Lines * LineStride)), 0, columns);
            s.Read(x, d, 1);
            if (d % Lines == Lines - 1 || d == k - 1) s.Write(sums, 0, columns);
        }
    }
}
