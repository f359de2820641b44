using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

static partial class BatchNorm
{
    /// <summary>
    /// Normalizes with the batch's own mean and biased variance, which are returned in [channels] each (two passes over x).
    /// <paramref name="y"/> may be <paramref name="x"/>.
    /// </summary>
    public static void ForwardTraining(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, Span<float> batchMean, Span<float> batchVariance,
        float epsilon, Span<float> y, int batch, int channels, int space)
    {
        Check(x.Length, gamma.Length, batchMean.Length, batchVariance.Length, batch, channels, space);
        Reduction.ChannelSums(x, batchMean, batch, channels, space);
        float count = (float)batch * space;
        for (int c = 0; c < channels; c++) batchMean[c] /= count;
        Variances(x, batchMean, batchVariance, batch, channels, space);
        Forward(x, gamma, beta, batchMean, batchVariance, epsilon, y, batch, channels, space);
    }

    /// <summary>
    /// Gradients through the batch's statistics: dx = gamma i (dy - dbeta / M - (x - mean) i dgamma / M) with i = 1 / sqrt(variance + epsilon),
    /// M = batch space. dgamma and dbeta are [channels] and always written; dx may be empty or dy.
    /// </summary>
    public static void BackwardTraining(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> batchMean,
        ReadOnlySpan<float> batchVariance, float epsilon, Span<float> dx, Span<float> dgamma, Span<float> dbeta, int batch, int channels, int space)
    {
        SpanGuard.AtLeast(dgamma.Length, channels);
        SpanGuard.AtLeast(dbeta.Length, channels);
        SpanGuard.EmptyOr(dx.Length, (long)batch * channels * space);
        Backward(x, default, dy, gamma, batchMean, batchVariance, epsilon, default, dgamma, dbeta, batch, channels, space);
        if (dx.IsEmpty) return;
        if (Vector256.IsHardwareAccelerated)
            CenterWith<Lanes256>(x, dy, gamma, batchMean, batchVariance, epsilon, dx, dgamma, dbeta, batch, channels, space);
        else CenterWith<Lanes128x2>(x, dy, gamma, batchMean, batchVariance, epsilon, dx, dgamma, dbeta, batch, channels, space);
    }

    /// <summary>
    /// running = fma(momentum, running - batch, batch) as ONNX weighs them (momentum is the share of the old value);
    /// the batch's variance is used as given, biased (ONNX BatchNormalization 14 and later, training_mode).
    /// </summary>
    public static void UpdateRunning(
        Span<float> runningMean, Span<float> runningVariance, ReadOnlySpan<float> batchMean, ReadOnlySpan<float> batchVariance, float momentum)
    {
        SpanGuard.AtLeast(batchMean.Length, runningMean.Length);
        SpanGuard.AtLeast(runningVariance.Length, runningMean.Length);
        SpanGuard.AtLeast(batchVariance.Length, runningMean.Length);
        for (int c = 0; c < runningMean.Length; c++)
        {
            runningMean[c] = MathF.FusedMultiplyAdd(momentum, runningMean[c] - batchMean[c], batchMean[c]);
            runningVariance[c] = MathF.FusedMultiplyAdd(momentum, runningVariance[c] - batchVariance[c], batchVariance[c]);
        }
    }

    internal static void CenterWith<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance,
        float epsilon, Span<float> dx, ReadOnlySpan<float> dgamma, ReadOnlySpan<float> dbeta, int batch, int channels, int space)
        where T : struct, ILanes<T>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(dy);
        ref float target = ref MemoryMarshal.GetReference(dx);
        float count = (float)batch * space;
        for (int plane = 0; plane < batch * channels; plane++)
        {
            int c = plane % channels, i = plane * space, end = i + space;
            float inverse = 1f / MathF.Sqrt(variance[c] + epsilon);
            T s = T.Create(gamma[c] * inverse), m = T.Create(mean[c]), shift = T.Create(dbeta[c] / count), slope = T.Create(-inverse * dgamma[c] / count);
            for (; i < end; i += T.Count)
            {
                int rest = Math.Min(T.Count, end - i);
                bool full = rest == T.Count;
                T vx = full ? T.Load(in px, i) : T.LoadPartial(in px, i, rest, 0f);
                T vy = full ? T.Load(in py, i) : T.LoadPartial(in py, i, rest, 0f);
                T result = s * T.Fma(vx - m, slope, vy - shift);
                if (full) T.Store(result, ref target, i);
                else T.StorePartial(result, ref target, i, rest);
            }
        }
    }
}
