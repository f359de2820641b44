namespace EdgeDropBack.Kernels;

/// <summary>Part of <see cref="Elementwise.Descend(ReadOnlySpan{float}, float, float, Span{float})"/>.</summary>
readonly unsafe struct DescentRange(float* x, float* y, float factor, float rate) : IRange
{
    public void Run(int start, int end) =>
        Elementwise.Descend(new ReadOnlySpan<float>(x + start, end - start), factor, rate, new Span<float>(y + start, end - start));
}
