namespace EdgeDropBack.Kernels;

/// <summary>Lp pooling, y = (sum |x|^p)^(1/p), p a positive integer; sums are one chain in row-major order of the window.</summary>
public static class LpPool
{
    /// <summary>x [Batch, Channels, InHeight, InWidth] to y [Batch, Channels, OutHeight, OutWidth].</summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, int p, in PoolShape shape)
    {
        int planes = shape.Planes, inPlane = shape.InPlane, outPlane = shape.OutPlane, outWidth = shape.OutWidth;
        SpanGuard.AtLeast(x.Length, (long)planes * inPlane);
        SpanGuard.AtLeast(y.Length, (long)planes * outPlane);
        for (int o = 0; o < planes * outPlane; o++)
        {
            var plane = x.Slice(o / outPlane * inPlane, inPlane);
            var rows = PoolWindow.Row(shape, o % outPlane / outWidth);
            var columns = PoolWindow.Column(shape, o % outWidth);
            float sum = 0f;
            for (int iy = rows.First; iy < rows.End; iy += rows.Step)
            {
                for (int ix = columns.First; ix < columns.End; ix += columns.Step)
                    sum += Power(MathF.Abs(plane[(iy * shape.InWidth) + ix]), p);
            }
            y[o] = p == 1 ? sum : p == 2 ? MathF.Sqrt(sum) : DeterministicMath.Pow(sum, 1f / p);
        }
    }

    /// <summary>dx = sum over windows of dy sign(x) (|x| / y)^(p-1), 0 where y is 0; dx is overwritten.</summary>
    public static void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, int p, in PoolShape shape)
    {
        int planes = shape.Planes, inPlane = shape.InPlane, outPlane = shape.OutPlane, outWidth = shape.OutWidth;
        SpanGuard.AtLeast(x.Length, (long)planes * inPlane);
        SpanGuard.AtLeast(y.Length, (long)planes * outPlane);
        SpanGuard.AtLeast(dy.Length, (long)planes * outPlane);
        SpanGuard.AtLeast(dx.Length, (long)planes * inPlane);
        dx[..(planes * inPlane)].Clear();
        for (int o = 0; o < planes * outPlane; o++)
        {
            if (y[o] == 0f) continue;
            int plane = o / outPlane * inPlane;
            var rows = PoolWindow.Row(shape, o % outPlane / outWidth);
            var columns = PoolWindow.Column(shape, o % outWidth);
            for (int iy = rows.First; iy < rows.End; iy += rows.Step)
            {
                for (int ix = columns.First; ix < columns.End; ix += columns.Step)
                {
                    int i = plane + (iy * shape.InWidth) + ix;
                    if (x[i] != 0f) dx[i] += dy[o] * (x[i] < 0f ? -1f : 1f) * Power(MathF.Abs(x[i]) / y[o], p - 1);
                }
            }
        }
    }

    static float Power(float x, int p)
    {
        float result = 1f;
        for (; p > 0; p--) result *= x;
        return result;
    }
}
