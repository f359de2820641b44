namespace EdgeDropBack.Kernels;

/// <summary>Part of the gradients of a sum; y is null where it is not rectified, da or db where it is not to be written.</summary>
readonly unsafe struct SumGradientRange(float* y, float* dy, float* da, float* db) : IRange
{
    public void Run(int start, int end) => Elementwise.SumBackward(Part(y, start, end), Part(dy, start, end), Part(da, start, end), Part(db, start, end));

    static Span<float> Part(float* values, int start, int end) => values == null ? default : new(values + start, end - start);
}
