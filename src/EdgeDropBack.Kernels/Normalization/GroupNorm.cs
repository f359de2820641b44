using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Group normalization over [batch, channels, space] (Wu and He 2018, arXiv 1803.08494); with groups = channels it is instance
/// normalization. A group's sums are runs over space, channels added in order; gradients of gamma and beta add samples in order.
/// </summary>
public static class GroupNorm
{
    /// <summary>
    /// y = (x - mean) / sqrt(variance + epsilon) gamma + beta, gamma and beta [channels]; means and inverse deviations are kept for the
    /// backward pass, [batch, groups] each. <paramref name="y"/> may be <paramref name="x"/>.
    /// </summary>
    public static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, float epsilon, Span<float> y,
        Span<float> means, Span<float> inverses, int batch, int channels, int space, int groups)
    {
        if (Vector256.IsHardwareAccelerated) ForwardWith<Lanes256>(x, gamma, beta, epsilon, y, means, inverses, batch, channels, space, groups);
        else ForwardWith<Lanes128x2>(x, gamma, beta, epsilon, y, means, inverses, batch, channels, space, groups);
    }

    /// <summary>Gradients as in <see cref="LayerNorm.Backward"/>, means over a group. Each may be empty; dx may be dy.</summary>
    public static void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> means, ReadOnlySpan<float> inverses,
        Span<float> dx, Span<float> dgamma, Span<float> dbeta, int batch, int channels, int space, int groups)
    {
        if (Vector256.IsHardwareAccelerated)
            BackwardWith<Lanes256>(x, dy, gamma, means, inverses, dx, dgamma, dbeta, batch, channels, space, groups);
        else BackwardWith<Lanes128x2>(x, dy, gamma, means, inverses, dx, dgamma, dbeta, batch, channels, space, groups);
    }

    internal static void ForwardWith<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, float epsilon, Span<float> y,
        Span<float> means, Span<float> inverses, int batch, int channels, int space, int groups) where T : struct, ILanes<T>
    {
        Check(x.Length, gamma.Length, means.Length, inverses.Length, batch, channels, space, groups);
        SpanGuard.AtLeast(beta.Length, channels);
        SpanGuard.AtLeast(y.Length, (long)batch * channels * space);
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        int perGroup = channels / groups;
        float count = (float)perGroup * space;
        for (int g = 0; g < batch * groups; g++)
        {
            float mean = 0f, variance = 0f;
            int first = g * perGroup;
            for (int c = 0; c < perGroup; c++) mean += Reduction.Sum8With<T>(x.Slice((first + c) * space, space));
            mean /= count;
            for (int c = 0; c < perGroup; c++) variance += RowNorm.SquaredDeviations<T>(x.Slice((first + c) * space, space), mean);
            float inverse = 1f / MathF.Sqrt((variance / count) + epsilon);
            (means[g], inverses[g]) = (mean, inverse);
            T m = T.Create(mean);
            for (int c = 0; c < perGroup; c++)
            {
                int channel = (first + c) % channels, start = (first + c) * space;
                T s = T.Create(inverse * gamma[channel]), b = T.Create(beta[channel]);
                for (int i = 0; i < space; i += T.Count)
                {
                    int lanes = Math.Min(T.Count, space - i);
                    Softmax.Store(T.Fma(Softmax.Load<T>(ref px, start + i, lanes) - m, s, b), ref py, start + i, lanes);
                }
            }
        }
    }

    internal static void BackwardWith<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> means, ReadOnlySpan<float> inverses,
        Span<float> dx, Span<float> dgamma, Span<float> dbeta, int batch, int channels, int space, int groups) where T : struct, ILanes<T>
    {
        Check(x.Length, gamma.Length, means.Length, inverses.Length, batch, channels, space, groups);
        SpanGuard.AtLeast(dy.Length, (long)batch * channels * space);
        SpanGuard.EmptyOr(dx.Length, (long)batch * channels * space);
        SpanGuard.EmptyOr(dgamma.Length, channels);
        SpanGuard.EmptyOr(dbeta.Length, channels);
        if (!dgamma.IsEmpty) dgamma[..channels].Clear();
        if (!dbeta.IsEmpty) dbeta[..channels].Clear();
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(dy);
        ref float target = ref MemoryMarshal.GetReference(dx);
        int perGroup = channels / groups;
        float count = (float)perGroup * space;
        for (int g = 0; g < batch * groups; g++)
        {
            int first = g * perGroup;
            float sum = 0f, dot = 0f;
            T m = T.Create(means[g]);
            for (int c = 0; c < perGroup; c++)
            {
                int channel = (first + c) % channels, start = (first + c) * space;
                T own = T.Create(0f), ownDot = T.Create(0f);
                for (int i = 0; i < space; i += T.Count)
                {
                    int lanes = Math.Min(T.Count, space - i);
                    T vy = Softmax.Load<T>(ref py, start + i, lanes);
                    own += vy;
                    ownDot = T.Fma(Softmax.Load<T>(ref px, start + i, lanes) - m, vy, ownDot);
                }
                float channelSum = T.TreeSum(own), channelDot = T.TreeSum(ownDot) * inverses[g];
                if (!dbeta.IsEmpty) dbeta[channel] += channelSum;
                if (!dgamma.IsEmpty) dgamma[channel] += channelDot;
                sum = MathF.FusedMultiplyAdd(gamma[channel], channelSum, sum);
                dot = MathF.FusedMultiplyAdd(gamma[channel], channelDot, dot);
            }
            if (dx.IsEmpty) continue;
            T s = T.Create(inverses[g]), shift = T.Create(sum / count), slope = T.Create(-inverses[g] * dot / count);
            for (int c = 0; c < perGroup; c++)
            {
                int start = (first + c) * space;
                T w = T.Create(gamma[(first + c) % channels]);
                for (int i = 0; i < space; i += T.Count)
                {
                    int lanes = Math.Min(T.Count, space - i);
                    T centred = Softmax.Load<T>(ref px, start + i, lanes) - m;
                    Softmax.Store(s * T.Fma(centred, slope, T.Fma(w, Softmax.Load<T>(ref py, start + i, lanes), -shift)), ref target, start + i, lanes);
                }
            }
        }
    }

    static void Check(int x, int gamma, int means, int inverses, int batch, int channels, int space, int groups)
    {
        if (groups < 1 || channels % groups != 0) throw new ArgumentException($"{channels} channels do not form {groups} groups");
        SpanGuard.AtLeast(x, (long)batch * channels * space);
        SpanGuard.AtLeast(gamma, channels);
        SpanGuard.AtLeast(means, batch * groups);
        SpanGuard.AtLeast(inverses, batch * groups);
    }
}
