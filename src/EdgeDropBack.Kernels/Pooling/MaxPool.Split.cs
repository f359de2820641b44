namespace EdgeDropBack.Kernels;

static unsafe partial class MaxPool
{
    /// <summary>As the overload without workers, planes split over them.</summary>
    public static void Forward(Workers w, ReadOnlySpan<float> x, Span<float> y, Span<int> argmax, in PoolShape shape)
    {
        SpanGuard.AtLeast(x.Length, (long)shape.Planes * shape.InPlane);
        SpanGuard.AtLeast(y.Length, (long)shape.Planes * shape.OutPlane);
        SpanGuard.EmptyOr(argmax.Length, (long)shape.Planes * shape.OutPlane);
        fixed (float* from = x, to = y)
        fixed (int* winners = argmax)
            RangeJob<MaxPoolRange>.Run(w, new MaxPoolRange(from, to, winners, shape, backward: false), shape.Planes, 1, x.Length);
    }

    /// <summary>As the overload without workers, planes split over them.</summary>
    public static void Backward(Workers w, ReadOnlySpan<float> dy, ReadOnlySpan<int> argmax, Span<float> dx, in PoolShape shape)
    {
        SpanGuard.AtLeast(dy.Length, (long)shape.Planes * shape.OutPlane);
        SpanGuard.AtLeast(argmax.Length, (long)shape.Planes * shape.OutPlane);
        SpanGuard.AtLeast(dx.Length, (long)shape.Planes * shape.InPlane);
        fixed (float* from = dy, to = dx)
        fixed (int* winners = argmax)
            RangeJob<MaxPoolRange>.Run(w, new MaxPoolRange(to, from, winners, shape, backward: true), shape.Planes, 1, dx.Length);
    }
}
