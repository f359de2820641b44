namespace EdgeDropBack.Kernels;

public static partial class Reference
{
    /// <summary>Frozen statistics, element by element over [batch, channels, space].</summary>
    public static void BatchNorm(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance,
        float epsilon, Span<float> y, int batch, int channels, int space)
    {
        for (int i = 0; i < batch * channels * space; i++)
        {
            int c = i / space % channels;
            y[i] = MathF.FusedMultiplyAdd(x[i] - mean[c], gamma[c] / MathF.Sqrt(variance[c] + epsilon), beta[c]);
        }
    }

    /// <summary>Gradients with frozen statistics, channel by channel.</summary>
    public static void BatchNormBackward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance,
        float epsilon, Span<float> dx, Span<float> dgamma, Span<float> dbeta, int batch, int channels, int space)
    {
        var centered = new float[space];
        for (int c = 0; c < channels; c++)
        {
            (dgamma[c], dbeta[c]) = (0f, 0f);
            for (int n = 0; n < batch; n++)
            {
                int start = ((n * channels) + c) * space;
                for (int i = 0; i < space; i++)
                {
                    centered[i] = x[start + i] - mean[c];
                    dx[start + i] = dy[start + i] * (gamma[c] / MathF.Sqrt(variance[c] + epsilon));
                }
                dgamma[c] += Dot8(centered, dy.Slice(start, space));
                dbeta[c] += Sum8(dy.Slice(start, space));
            }
            dgamma[c] /= MathF.Sqrt(variance[c] + epsilon);
        }
    }
}
