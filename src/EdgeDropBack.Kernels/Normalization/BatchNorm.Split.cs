namespace EdgeDropBack.Kernels;

static unsafe partial class BatchNorm
{
    /// <summary>As the overload without workers, samples split over them.</summary>
    public static void Forward(Workers w, ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance, float epsilon, Span<float> y, int batch, int channels, int space, bool rectified = false)
    {
        Check(x.Length, gamma.Length, mean.Length, variance.Length, batch, channels, space);
        SpanGuard.AtLeast(beta.Length, channels);
        SpanGuard.AtLeast(y.Length, (long)batch * channels * space);
        fixed (float* from = x, to = y, scale = gamma, shift = beta, centre = mean, spread = variance)
            RangeJob<BatchNormRange>.Run(w, new BatchNormRange(from, to, scale, shift, centre, spread, epsilon, channels, space, rectified), batch, 1, y.Length);
    }

    /// <summary>As the overload without workers, channels split over them.</summary>
    public static void Backward(Workers w, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance, float epsilon, Span<float> dx, Span<float> dgamma, Span<float> dbeta, int batch, int channels, int space)
    {
        CheckBackward(x, y, dy, gamma, mean, variance, dx, dgamma, dbeta, batch, channels, space);
        fixed (float* input = x, output = y, from = dy, scale = gamma, centre = mean, spread = variance, to = dx, scaleSums = dgamma, shiftSums = dbeta)
        {
            RangeJob<BatchNormGradientRange>.Run(w, new BatchNormGradientRange(input, output, from, scale, centre, spread, to, scaleSums, shiftSums, epsilon,
                batch, channels, space), channels, 1, dy.Length);
        }
    }
}
