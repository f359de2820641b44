namespace EdgeDropBack.Kernels;

/// <summary>Part of a sum of two tensors of one shape.</summary>
readonly unsafe struct SumRange(float* a, float* b, float* y, bool rectified) : IRange
{
    public void Run(int start, int end) => Elementwise.Sum(Part(a, start, end), Part(b, start, end), Part(y, start, end), rectified);

    static Span<float> Part(float* values, int start, int end) => new(values + start, end - start);
}
