namespace EdgeDropBack.Kernels;

/// <summary>
/// Average pooling. A window's sum is one chain in row-major order; a global window is <see cref="Reduction.Sum8"/> over its plane.
/// </summary>
public static class AveragePool
{
    /// <summary>x [Batch, Channels, InHeight, InWidth] to y [Batch, Channels, OutHeight, OutWidth].</summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, in PoolShape shape)
    {
        int planes = shape.Planes, inPlane = shape.InPlane, outPlane = shape.OutPlane;
        SpanGuard.AtLeast(x.Length, (long)planes * inPlane);
        SpanGuard.AtLeast(y.Length, (long)planes * outPlane);
        bool global = shape.IsGlobal;
        for (int p = 0; p < planes; p++)
        {
            var plane = x.Slice(p * inPlane, inPlane);
            if (global) y[p] = Reduction.Sum8(plane) / inPlane;
            else ForwardPlane(plane, y.Slice(p * outPlane, outPlane), shape);
        }
    }

    /// <summary>dx is overwritten; contributions of windows are added in row-major order of the output.</summary>
    public static void Backward(ReadOnlySpan<float> dy, Span<float> dx, in PoolShape shape)
    {
        int planes = shape.Planes, inPlane = shape.InPlane, outPlane = shape.OutPlane;
        SpanGuard.AtLeast(dy.Length, (long)planes * outPlane);
        SpanGuard.AtLeast(dx.Length, (long)planes * inPlane);
        bool global = shape.IsGlobal;
        for (int p = 0; p < planes; p++)
        {
            var plane = dx.Slice(p * inPlane, inPlane);
            if (global) plane.Fill(dy[p] / inPlane);
            else BackwardPlane(dy.Slice(p * outPlane, outPlane), plane, shape);
        }
    }

    static void ForwardPlane(ReadOnlySpan<float> x, Span<float> y, in PoolShape shape)
    {
        int outHeight = shape.OutHeight, outWidth = shape.OutWidth;
        for (int oy = 0, o = 0; oy < outHeight; oy++)
        {
            var rows = PoolWindow.Row(shape, oy);
            for (int ox = 0; ox < outWidth; ox++, o++)
            {
                var columns = PoolWindow.Column(shape, ox);
                float sum = 0f;
                for (int iy = rows.First; iy < rows.End; iy += rows.Step)
                {
                    int row = iy * shape.InWidth;
                    for (int ix = columns.First; ix < columns.End; ix += columns.Step) sum += x[row + ix];
                }
                y[o] = sum / Divisor(rows, columns, shape.CountIncludePad);
            }
        }
    }

    static void BackwardPlane(ReadOnlySpan<float> dy, Span<float> dx, in PoolShape shape)
    {
        int outHeight = shape.OutHeight, outWidth = shape.OutWidth;
        dx.Clear();
        for (int oy = 0, o = 0; oy < outHeight; oy++)
        {
            var rows = PoolWindow.Row(shape, oy);
            for (int ox = 0; ox < outWidth; ox++, o++)
            {
                var columns = PoolWindow.Column(shape, ox);
                float share = dy[o] / Divisor(rows, columns, shape.CountIncludePad);
                for (int iy = rows.First; iy < rows.End; iy += rows.Step)
                {
                    int row = iy * shape.InWidth;
                    for (int ix = columns.First; ix < columns.End; ix += columns.Step) dx[row + ix] += share;
                }
            }
        }
    }

    static float Divisor(in PoolWindow rows, in PoolWindow columns, bool countIncludePad) =>
        countIncludePad ? rows.PaddedCount * columns.PaddedCount : Math.Max(rows.Count * columns.Count, 1);
}
