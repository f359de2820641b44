namespace EdgeDropBack.Kernels;

static partial class Layout
{
    /// <summary>y [outer, indices, inner] = x [outer, axis, inner] at the indices along the middle axis; negative ones count from the end.</summary>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public static void Gather(ReadOnlySpan<float> x, ReadOnlySpan<int> indices, Span<float> y, int outer, int axis, int inner)
    {
        SpanGuard.AtLeast(x.Length, (long)outer * axis * inner);
        SpanGuard.AtLeast(y.Length, (long)outer * indices.Length * inner);
        for (int o = 0; o < outer; o++)
        {
            for (int k = 0; k < indices.Length; k++)
                x.Slice(((o * axis) + Index(indices[k], axis)) * inner, inner).CopyTo(y[(((o * indices.Length) + k) * inner)..]);
        }
    }

    /// <summary>dx is zeroed, then dy is added at the indices, in their order.</summary>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public static void GatherBackward(ReadOnlySpan<float> dy, ReadOnlySpan<int> indices, Span<float> dx, int outer, int axis, int inner)
    {
        SpanGuard.AtLeast(dx.Length, (long)outer * axis * inner);
        SpanGuard.AtLeast(dy.Length, (long)outer * indices.Length * inner);
        dx[..(outer * axis * inner)].Clear();
        for (int o = 0; o < outer; o++)
        {
            for (int k = 0; k < indices.Length; k++)
                Elementwise.AddTo(dy.Slice(((o * indices.Length) + k) * inner, inner), dx.Slice(((o * axis) + Index(indices[k], axis)) * inner, inner));
        }
    }

    static int Index(int index, int size)
    {
        if (index < -size || index >= size) throw new ArgumentException($"index {index} is outside an axis of {size}");
        return index < 0 ? index + size : index;
    }
}
