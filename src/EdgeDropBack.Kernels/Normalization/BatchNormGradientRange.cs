namespace EdgeDropBack.Kernels;

/// <summary>The backward of batch normalization with frozen statistics for some of the channels; null where a gradient is not wanted.</summary>
readonly unsafe struct BatchNormGradientRange(float* x, float* y, float* dy, float* gamma, float* mean, float* variance, float* dx, float* dgamma, float* dbeta,
    float epsilon, int batch, int channels, int space) : IRange
{
    public void Run(int start, int end) => BatchNorm.BackwardChannels(All(dgamma == null ? null : x), All(y), All(dy), Channels(gamma), Channels(mean),
        Channels(variance), epsilon, All(dx), Channels(dgamma), Channels(dbeta), batch, channels, space, start, end);

    Span<float> All(float* values) => values == null ? default : new(values, batch * channels * space);

    Span<float> Channels(float* values) => values == null ? default : new(values, channels);
}
