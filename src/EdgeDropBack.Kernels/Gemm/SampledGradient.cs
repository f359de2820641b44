namespace EdgeDropBack.Kernels;

/// <summary>
/// The gradients of the tracked weights alone (SDDMM: sampled dense-dense matrix product), one dot product each. A dot keeps 8 lanes,
/// position p in lane p mod 8, and adds them as ((l0+l4)+(l2+l6))+((l1+l5)+(l3+l7)) at every vector width.
/// </summary>
public static unsafe partial class SampledGradient
{
    /// <summary>gradients[e] = alpha * dot over samples of left[s, r] and right[s, c], (r, c) the entry's place in [rows, columns].</summary>
    /// <param name="w">Threads; the result does not depend on their number.</param>
    /// <param name="left">[samples, rows], rows <paramref name="leftStride"/> apart.</param>
    /// <param name="right">[samples, columns], rows <paramref name="rightStride"/> apart.</param>
    /// <param name="tileStarts">Tracked entries as in <see cref="WeightSource"/>.</param>
    /// <param name="gradients">[entries], in store order.</param>
    public static void Gemm(Workers w, ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, int samples,
        int rows, int columns, float alpha, ReadOnlySpan<int> tileStarts, ReadOnlySpan<ushort> indices, Span<float> gradients)
        => Grouped(w, left, leftStride, right, rightStride, samples, 1, rows, columns, alpha, tileStarts, indices, gradients);

    /// <summary>As <see cref="WeightGradient.Grouped"/>, at the entries alone.</summary>
    /// <param name="rows">Rows of all groups together.</param>
    /// <param name="columns">Columns of one group.</param>
    public static void Grouped(Workers w, ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, int samples,
        int groups, int rows, int columns, float alpha, ReadOnlySpan<int> tileStarts, ReadOnlySpan<ushort> indices, Span<float> gradients)
    {
        Require.NotNegative(samples, rows, columns);
        Require.Groups(groups, rows);
        Require.Length(left.Length, Require.Span(samples, leftStride, rows, 1));
        Require.Length(right.Length, Require.Span(samples, rightStride, checked(groups * columns), 1));
        Entries((long)rows * columns, tileStarts, indices, gradients);
        fixed (float* a = left, b = right, output = gradients)
        fixed (int* starts = tileStarts)
        fixed (ushort* locals = indices)
            SampledJob.Run(w, a, leftStride, b, rightStride, samples, groups, rows, columns, alpha, starts, locals, output, indices.Length);
    }

    /// <summary>
    /// gradients[e] = the samples added in order, each a dot over output positions: rows ascending, lane = ox mod 8, padding skipped.
    /// </summary>
    /// <param name="w">Threads; the result does not depend on their number.</param>
    /// <param name="dy">[batch, out channels, out height, out width].</param>
    /// <param name="x">[batch, in channels, in height, in width].</param>
    /// <param name="tileStarts">Tracked entries as in <see cref="WeightSource"/>.</param>
    /// <param name="gradients">[entries], in store order.</param>
    public static void Convolution(Workers w, ReadOnlySpan<float> dy, ReadOnlySpan<float> x, in ConvShape s, ReadOnlySpan<int> tileStarts,
        ReadOnlySpan<ushort> indices, Span<float> gradients)
    {
        s.Validate();
        Require.Length(dy.Length, s.OutLength);
        Require.Length(x.Length, s.InLength);
        Entries((long)s.WeightRows * s.WeightColumns, tileStarts, indices, gradients);
        fixed (float* outputs = dy, inputs = x, output = gradients)
        fixed (int* starts = tileStarts)
        fixed (ushort* locals = indices)
            SampledConvolutionJob.Run(w, outputs, inputs, s, starts, locals, output, indices.Length);
    }

    static void Entries(long weights, ReadOnlySpan<int> tileStarts, ReadOnlySpan<ushort> indices, ReadOnlySpan<float> gradients)
    {
        if (indices.IsEmpty)
            return;
        Require.Exactly(tileStarts.Length, (weights + WeightSource.TileSize - 1) / WeightSource.TileSize + 1, "tile starts");
        Require.Exactly(tileStarts[^1], indices.Length, "entries");
        Require.Length(gradients.Length, indices.Length);
    }
}
