namespace EdgeDropBack.Kernels;

/// <summary>Weight gradients, formed tile by tile on the grid of <see cref="GradientTile"/> and handed to a sink.</summary>
public static unsafe partial class WeightGradient
{
    /// <summary>gradient[r, c] = alpha * one FMA chain over samples, ascending, of left[s, r] * right[s, c].</summary>
    /// <param name="w">Threads; tiles, or pieces of them, are dealt out by index.</param>
    /// <param name="left">[samples, rows], rows <paramref name="leftStride"/> apart.</param>
    /// <param name="right">[samples, columns], rows <paramref name="rightStride"/> apart.</param>
    public static void Gemm(Workers w, ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, int samples,
        int rows, int columns, float alpha, GradientSink sink)
        => Grouped(w, left, leftStride, right, rightStride, samples, 1, rows, columns, alpha, sink);

    /// <summary>
    /// The same where the rows come in equal groups and each has right sides of its own:
    /// gradient[r, c] is formed of left[s, r] and right[s, group of r * columns + c].
    /// </summary>
    /// <param name="rows">Rows of all groups together.</param>
    /// <param name="columns">Columns of one group.</param>
    public static void Grouped(Workers w, ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, int samples,
        int groups, int rows, int columns, float alpha, GradientSink sink)
    {
        Require.NotNegative(samples, rows, columns);
        Require.Groups(groups, rows);
        Require.Length(left.Length, Require.Span(samples, leftStride, rows, 1));
        Require.Length(right.Length, Require.Span(samples, rightStride, checked(groups * columns), 1));
        if (rows == 0 || columns == 0)
            return;
        fixed (float* a = left, b = right)
        {
            GradientJob<DenseOperand, DenseOperand>.Run(w, new DenseOperand(a, 1, leftStride, rows / groups),
                new DenseOperand(b, 1, rightStride, columns), sink, false, alpha, groups, rows, columns, 1, samples);
        }
    }

    /// <summary>
    /// gradient[oc, (ic, ky, kx)]: per sample one FMA chain over output positions, row-major, from 0; then the samples added in order.
    /// </summary>
    /// <param name="w">Threads; tiles, or pieces of them, are dealt out by index.</param>
    /// <param name="dy">[batch, out channels, out height, out width].</param>
    /// <param name="x">[batch, in channels, in height, in width].</param>
    public static void Convolution(Workers w, ReadOnlySpan<float> dy, ReadOnlySpan<float> x, in ConvShape s, GradientSink sink)
    {
        s.Validate();
        Require.Length(dy.Length, s.OutLength);
        Require.Length(x.Length, s.InLength);
        fixed (float* gradients = dy, inputs = x)
        {
            if (s.IsDepthwise)
                DepthwiseGradientJob.Run(w, gradients, inputs, s, sink);
            else
                GradientJob<OutputLines, PatchLines>.Run(w, new OutputLines(gradients, s), new PatchLines(inputs, s, alongDepth: true), sink,
                    true, 1, s.Groups, s.WeightRows, s.WeightColumns, s.Batch, s.OutPlane);
        }
    }
}
