namespace EdgeDropBack.Kernels;

/// <summary>Part of <see cref="Elementwise.AddTo(ReadOnlySpan{float}, Span{float})"/>.</summary>
readonly unsafe struct AddToRange(float* x, float* y) : IRange
{
    public void Run(int start, int end) => Elementwise.AddTo(new ReadOnlySpan<float>(x + start, end - start), new Span<float>(y + start, end - start));
}
