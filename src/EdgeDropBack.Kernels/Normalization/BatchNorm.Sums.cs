using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

static partial class BatchNorm
{
    /// <summary>sums[c] = sum of dy (x - mean[c]) over samples and space, sample by sample.</summary>
    static void CenteredSums(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> mean, Span<float> sums, int batch, int channels, int space)
    {
        SpanGuard.AtLeast(x.Length, (long)batch * channels * space);
        SpanGuard.AtLeast(sums.Length, channels);
        if (Vector256.IsHardwareAccelerated) CenteredSumsWith<Lanes256>(x, dy, mean, sums, batch, channels, space);
        else CenteredSumsWith<Lanes128x2>(x, dy, mean, sums, batch, channels, space);
    }

    internal static void CenteredSumsWith<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> mean, Span<float> sums, int batch, int channels, int space)
        where T : struct, ILanes<T>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(dy);
        sums[..channels].Clear();
        if (space == 1)
        {
            for (int n = 0, i = 0; n < batch; n++)
            {
                for (int c = 0; c < channels; c++, i++) sums[c] += (x[i] - mean[c]) * dy[i];
            }
            return;
        }
        for (int plane = 0; plane < batch * channels; plane++)
        {
            int c = plane % channels, i = plane * space, end = i + space;
            T m = T.Create(mean[c]), sum = T.Create(0f);
            for (; i <= end - 8; i += 8) sum = T.Fma(T.Load(in px, i) - m, T.Load(in py, i), sum);
            if (i < end) sum = T.Fma(T.LoadPartial(in px, i, end - i, mean[c]) - m, T.LoadPartial(in py, i, end - i, 0f), sum);
            sums[c] += T.TreeSum(sum);
        }
    }

    /// <summary>variances[c] = sum of (x - mean[c])^2 over samples and space, divided by their number.</summary>
    static void Variances(ReadOnlySpan<float> x, ReadOnlySpan<float> mean, Span<float> variances, int batch, int channels, int space)
    {
        if (Vector256.IsHardwareAccelerated) VariancesWith<Lanes256>(x, mean, variances, batch, channels, space);
        else VariancesWith<Lanes128x2>(x, mean, variances, batch, channels, space);
    }

    internal static void VariancesWith<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> mean, Span<float> variances, int batch, int channels, int space)
        where T : struct, ILanes<T>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        variances[..channels].Clear();
        for (int plane = 0; plane < batch * channels; plane++)
        {
            int c = plane % channels, i = plane * space, end = i + space;
            T m = T.Create(mean[c]), sum = T.Create(0f);
            for (; i <= end - 8; i += 8)
            {
                T d = T.Load(in px, i) - m;
                sum = T.Fma(d, d, sum);
            }
            if (i < end)
            {
                T d = T.LoadPartial(in px, i, end - i, mean[c]) - m;
                sum = T.Fma(d, d, sum);
            }
            variances[c] += T.TreeSum(sum);
        }
        float count = (float)batch * space;
        for (int c = 0; c < channels; c++) variances[c] /= count;
    }
}
