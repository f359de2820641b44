namespace EdgeDropBack.Kernels;

/// <summary>Batch normalization with frozen statistics, or the gradient of its input, over some of the samples.</summary>
readonly unsafe struct BatchNormRange(float* x, float* y, float* gamma, float* beta, float* mean, float* variance, float epsilon,
    int channels, int space) : IRange
{
    public void Run(int start, int end)
    {
        var length = (nint)channels * space;
        var from = new ReadOnlySpan<float>(x + start * length, (int)((end - start) * length));
        var to = new Span<float>(y + start * length, (int)((end - start) * length));
        if (beta == null)
            BatchNorm.Backward(default, from, Parameter(gamma), Parameter(mean), Parameter(variance), epsilon, to, default, default, end - start, channels, space);
        else
            BatchNorm.Forward(from, Parameter(gamma), Parameter(beta), Parameter(mean), Parameter(variance), epsilon, to, end - start, channels, space);
    }

    ReadOnlySpan<float> Parameter(float* values) => new(values, channels);
}
