namespace EdgeDropBack.Kernels;

public static partial class Reference
{
    /// <summary>Eight chains, lane = position mod 8, and the tree.</summary>
    public static float Sum8(ReadOnlySpan<float> x)
    {
        Span<float> lanes = stackalloc float[8];
        lanes.Clear();
        for (int i = 0; i < x.Length; i++) lanes[i % 8] += x[i];
        return Tree(lanes);
    }

    /// <inheritdoc cref="Sum8"/>
    public static float Dot8(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Span<float> lanes = stackalloc float[8];
        lanes.Clear();
        for (int i = 0; i < a.Length; i++) lanes[i % 8] = MathF.FusedMultiplyAdd(a[i], b[i], lanes[i % 8]);
        return Tree(lanes);
    }

    /// <summary>Column by column, rows in order.</summary>
    public static void ColumnSums(ReadOnlySpan<float> x, Span<float> y, int rows, int columns)
    {
        for (int c = 0; c < columns; c++)
        {
            y[c] = 0f;
            for (int r = 0; r < rows; r++) y[c] += x[(r * columns) + c];
        }
    }
}
