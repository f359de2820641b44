namespace EdgeDropBack.Kernels;

static partial class Elementwise
{
    /// <summary>y = condition ? a : b for equal shapes; a condition is true where it is not 0 (NaN included).</summary>
    public static void Where(ReadOnlySpan<float> condition, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        SpanGuard.AtLeast(a.Length, condition.Length);
        SpanGuard.AtLeast(b.Length, condition.Length);
        SpanGuard.AtLeast(y.Length, condition.Length);
        for (int i = 0; i < condition.Length; i++) y[i] = condition[i] != 0f ? a[i] : b[i];
    }

    /// <summary>The gradient goes to the operand that was chosen, 0 to the other; da or db may be empty.</summary>
    public static void WhereBackward(ReadOnlySpan<float> condition, ReadOnlySpan<float> dy, Span<float> da, Span<float> db)
    {
        SpanGuard.AtLeast(dy.Length, condition.Length);
        SpanGuard.EmptyOr(da.Length, condition.Length);
        SpanGuard.EmptyOr(db.Length, condition.Length);
        for (int i = 0; i < condition.Length; i++)
        {
            float gradient = dy[i];
            bool first = condition[i] != 0f;
            if (!da.IsEmpty) da[i] = first ? gradient : 0f;
            if (!db.IsEmpty) db[i] = first ? 0f : gradient;
        }
    }
}
