using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Batch normalization over [batch, channels, space]. Channel sums go sample by sample: one <see cref="Reduction.Sum8"/> run over
/// space each, samples added in order (Ioffe and Szegedy 2015, arXiv 1502.03167, sections 3 and 3.1).
/// </summary>
public static partial class BatchNorm
{
    /// <summary>
    /// y = fma(x - mean, gamma / sqrt(variance + epsilon), beta) with frozen statistics; the four parameters are [channels].
    /// <paramref name="y"/> may be <paramref name="x"/>.
    /// </summary>
    /// <param name="rectified">Whether Relu comes after.</param>
    public static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance,
        float epsilon, Span<float> y, int batch, int channels, int space, bool rectified = false)
    {
        Check(x.Length, gamma.Length, mean.Length, variance.Length, batch, channels, space);
        SpanGuard.AtLeast(beta.Length, channels);
        SpanGuard.AtLeast(y.Length, (long)batch * channels * space);
        if (Vector256.IsHardwareAccelerated) ForwardWith<Lanes256>(x, gamma, beta, mean, variance, epsilon, y, batch, channels, space, rectified);
        else ForwardWith<Lanes128x2>(x, gamma, beta, mean, variance, epsilon, y, batch, channels, space, rectified);
    }

    /// <summary>
    /// Gradients with frozen statistics: dx = dy gamma / sqrt(variance + epsilon), dgamma = sum(dy (x - mean)) / sqrt(variance + epsilon),
    /// dbeta = sum(dy). Each may be empty; x is read for dgamma only. <paramref name="dx"/> may be <paramref name="dy"/>.
    /// </summary>
    /// <param name="y">What a rectified forward gave: dy is taken as zero where it is not positive. Empty for a plain forward.</param>
    public static void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance,
        float epsilon, Span<float> dx, Span<float> dgamma, Span<float> dbeta, int batch, int channels, int space)
    {
        CheckBackward(x, y, dy, gamma, mean, variance, dx, dgamma, dbeta, batch, channels, space);
        BackwardChannels(x, y, dy, gamma, mean, variance, epsilon, dx, dgamma, dbeta, batch, channels, space, 0, channels);
    }

    static void Check(int x, int gamma, int mean, int variance, int batch, int channels, int space)
    {
        SpanGuard.AtLeast(x, (long)batch * channels * space);
        SpanGuard.AtLeast(gamma, channels);
        SpanGuard.AtLeast(mean, channels);
        SpanGuard.AtLeast(variance, channels);
    }

    static void CheckBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance, Span<float> dx, Span<float> dgamma, Span<float> dbeta, int batch, int channels, int space)
    {
        Check(dy.Length, gamma.Length, mean.Length, variance.Length, batch, channels, space);
        SpanGuard.EmptyOr(y.Length, (long)batch * channels * space);
        SpanGuard.EmptyOr(dx.Length, (long)batch * channels * space);
        SpanGuard.EmptyOr(dgamma.Length, channels);
        SpanGuard.EmptyOr(dbeta.Length, channels);
        if (!dgamma.IsEmpty) SpanGuard.AtLeast(x.Length, (long)batch * channels * space);
    }

    internal static void ForwardWith<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance,
        float epsilon, Span<float> y, int batch, int channels, int space, bool rectified = false) where T : struct, ILanes<T>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        if (space == 1)
        {
            ForwardRows<T>(ref px, gamma, beta, mean, variance, epsilon, ref py, batch, channels, rectified);
            return;
        }
        for (int plane = 0; plane < batch * channels; plane++)
        {
            int c = plane % channels;
            T m = T.Create(mean[c]), s = T.Create(gamma[c] / MathF.Sqrt(variance[c] + epsilon)), b = T.Create(beta[c]);
            int i = plane * space, end = i + space;
            for (; i <= end - T.Count; i += T.Count) T.Store(Activated(T.Fma(T.Load(in px, i) - m, s, b), rectified), ref py, i);
            if (i < end) T.StorePartial(Activated(T.Fma(T.LoadPartial(in px, i, end - i, 0f) - m, s, b), rectified), ref py, i, end - i);
        }
    }

    /// <summary>[batch, channels]: lanes run over channels.</summary>
    static void ForwardRows<T>(
        ref float x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance,
        float epsilon, ref float y, int batch, int channels, bool rectified) where T : struct, ILanes<T>
    {
        for (int c = 0; c < channels; c += T.Count)
        {
            int count = Math.Min(T.Count, channels - c);
            T m = Parameters<T>(mean, c, count), b = Parameters<T>(beta, c, count);
            T s = Parameters<T>(gamma, c, count) / T.Sqrt(Parameters<T>(variance, c, count) + T.Create(epsilon));
            for (int n = 0; n < batch; n++)
            {
                int i = (n * channels) + c;
                if (count == T.Count) T.Store(Activated(T.Fma(T.Load(in x, i) - m, s, b), rectified), ref y, i);
                else T.StorePartial(Activated(T.Fma(T.LoadPartial(in x, i, count, 0f) - m, s, b), rectified), ref y, i, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Activated<T>(T y, bool rectified) where T : struct, ILanes<T> => rectified ? UnaryOperators.Relu.Forward(y, default, default) : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Parameters<T>(ReadOnlySpan<float> values, int offset, int count) where T : struct, ILanes<T>
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        return count == T.Count ? T.Load(in first, offset) : T.LoadPartial(in first, offset, count, 1f);
    }
}
