namespace EdgeDropBack.Kernels;

static unsafe partial class Elementwise
{
    const int LineFloats = 16;

    /// <summary>As the overload without workers, split over them.</summary>
    public static void Unary(Workers w, UnaryKind kind, ReadOnlySpan<float> x, Span<float> y, float alpha, float beta)
    {
        SpanGuard.AtLeast(y.Length, x.Length);
        fixed (float* from = x, to = y)
            RangeJob<UnaryRange>.Run(w, new UnaryRange(kind, from, to, null, null, alpha, beta), x.Length, LineFloats, x.Length);
    }

    /// <summary>As the overload without workers, split over them.</summary>
    public static void UnaryBackward(Workers w, UnaryKind kind, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx,
        float alpha, float beta)
    {
        SpanGuard.EmptyOr(x.Length, dy.Length);
        SpanGuard.EmptyOr(y.Length, dy.Length);
        SpanGuard.AtLeast(dx.Length, dy.Length);
        if (dy.IsEmpty)
            return;
        fixed (float* inputs = x, outputs = y, from = dy, to = dx)
            RangeJob<UnaryRange>.Run(w, new UnaryRange(kind, inputs, outputs, from, to, alpha, beta), dy.Length, LineFloats, dy.Length);
    }
}
