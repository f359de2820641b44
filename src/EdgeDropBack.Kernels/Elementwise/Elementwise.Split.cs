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
    public static void AddTo(Workers w, ReadOnlySpan<float> x, Span<float> y)
    {
        SpanGuard.AtLeast(y.Length, x.Length);
        fixed (float* from = x, to = y)
            RangeJob<AddToRange>.Run(w, new AddToRange(from, to), x.Length, LineFloats, x.Length);
    }

    /// <summary>As the overload without workers, split over them.</summary>
    public static void Descend(Workers w, ReadOnlySpan<float> x, float factor, float rate, Span<float> y)
    {
        SpanGuard.AtLeast(y.Length, x.Length);
        fixed (float* from = x, to = y)
            RangeJob<DescentRange>.Run(w, new DescentRange(from, to, factor, rate), x.Length, LineFloats, x.Length);
    }

    /// <summary>y = a + b, all of one length; with Relu behind it where <paramref name="rectified"/>. y may be a or b.</summary>
    public static void Add(Workers w, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, bool rectified)
    {
        SpanGuard.AtLeast(b.Length, a.Length);
        SpanGuard.AtLeast(y.Length, a.Length);
        fixed (float* first = a, second = b, to = y)
            RangeJob<SumRange>.Run(w, new SumRange(first, second, to, rectified), a.Length, LineFloats, a.Length);
    }

    /// <summary>The gradients of a sum: da = db = dy, but 0 where a rectified sum was not positive. Either may be empty, and either may be dy.</summary>
    /// <param name="y">The rectified sum; empty for a plain one.</param>
    public static void AddBackward(Workers w, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> da, Span<float> db)
    {
        SpanGuard.EmptyOr(y.Length, dy.Length);
        SpanGuard.EmptyOr(da.Length, dy.Length);
        SpanGuard.EmptyOr(db.Length, dy.Length);
        fixed (float* output = y, from = dy, first = da, second = db)
        {
            var isThere = y.IsEmpty && first == from;
            if ((isThere || da.IsEmpty) && db.IsEmpty)
                return;
            RangeJob<SumGradientRange>.Run(w, new SumGradientRange(output, from, isThere ? null : first, second), dy.Length, LineFloats, dy.Length);
        }
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
