namespace EdgeDropBack.Kernels;

/// <summary>
/// Local response normalization across channels of [batch, channels, space], as ONNX's LRN (Krizhevsky, Sutskever and Hinton 2012,
/// section 3.3): y = x / s^beta, s = bias + alpha / size * sum of x^2 over the window of channels, summed in channel order.
/// </summary>
public static class LocalResponseNorm
{
    /// <param name="x">[batch, channels, space]</param>
    /// <param name="y">like x; must not be x</param>
    /// <param name="scales">s, like x, kept for the backward pass</param>
    /// <param name="size">channels in the window: (size - 1) / 2 before, the rest after</param>
    /// <param name="alpha">weight of the mean square</param>
    /// <param name="beta">exponent</param>
    /// <param name="bias">added to the mean square</param>
    /// <param name="batch">samples</param>
    /// <param name="channels">channels</param>
    /// <param name="space">elements of a plane</param>
    public static void Forward(
        ReadOnlySpan<float> x, Span<float> y, Span<float> scales, int size, float alpha, float beta, float bias, int batch, int channels, int space)
    {
        long count = (long)batch * channels * space;
        SpanGuard.AtLeast(x.Length, count);
        SpanGuard.AtLeast(y.Length, count);
        SpanGuard.AtLeast(scales.Length, count);
        int before = (size - 1) / 2, after = size - 1 - before;
        for (int plane = 0; plane < batch * channels; plane++)
        {
            int c = plane % channels, sample = plane - c, first = Math.Max(c - before, 0), last = Math.Min(c + after, channels - 1);
            for (int i = 0; i < space; i++)
            {
                float sum = 0f;
                for (int k = first; k <= last; k++)
                {
                    float value = x[((sample + k) * space) + i];
                    sum = MathF.FusedMultiplyAdd(value, value, sum);
                }
                int at = (plane * space) + i;
                scales[at] = MathF.FusedMultiplyAdd(alpha / size, sum, bias);
                y[at] = x[at] * DeterministicMath.Pow(scales[at], -beta);
            }
        }
    }

    /// <summary>dx_i = dy_i s_i^-beta - 2 alpha beta / size x_i sum over windows j that hold i of dy_j y_j / s_j; dx must not be dy.</summary>
    public static void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> scales, ReadOnlySpan<float> dy, Span<float> dx,
        int size, float alpha, float beta, int batch, int channels, int space)
    {
        long count = (long)batch * channels * space;
        SpanGuard.AtLeast(x.Length, count);
        SpanGuard.AtLeast(y.Length, count);
        SpanGuard.AtLeast(scales.Length, count);
        SpanGuard.AtLeast(dy.Length, count);
        SpanGuard.AtLeast(dx.Length, count);
        int before = (size - 1) / 2, after = size - 1 - before;
        float factor = 2f * alpha * beta / size;
        for (int plane = 0; plane < batch * channels; plane++)
        {
            int c = plane % channels, sample = plane - c, first = Math.Max(c - after, 0), last = Math.Min(c + before, channels - 1);
            for (int i = 0; i < space; i++)
            {
                float sum = 0f;
                for (int k = first; k <= last; k++)
                {
                    int window = ((sample + k) * space) + i;
                    sum += dy[window] * y[window] / scales[window];
                }
                int at = (plane * space) + i;
                dx[at] = MathF.FusedMultiplyAdd(-factor * x[at], sum, dy[at] * DeterministicMath.Pow(scales[at], -beta));
            }
        }
    }
}
