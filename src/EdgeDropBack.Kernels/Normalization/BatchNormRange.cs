namespace EdgeDropBack.Kernels;

/// <summary>Batch normalization with frozen statistics over some of the samples.</summary>
readonly unsafe struct BatchNormRange(float* x, float* y, float* gamma, float* beta, float* mean, float* variance, float epsilon,
    int channels, int space, bool rectified) : IRange
{
    public void Run(int start, int end)
    {
        var length = (nint)channels * space;
        BatchNorm.Forward(new ReadOnlySpan<float>(x + start * length, (int)((end - start) * length)), Parameter(gamma), Parameter(beta), Parameter(mean),
            Parameter(variance), epsilon, new Span<float>(y + start * length, (int)((end - start) * length)), end - start, channels, space, rectified);
    }

    ReadOnlySpan<float> Parameter(float* values) => new(values, channels);
}
