using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

static partial class BatchNorm
{
    /// <summary>The backward with frozen statistics of channels [first, end): one pass for all gradients that are wanted.</summary>
    internal static void BackwardChannels(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance, float epsilon, Span<float> dx, Span<float> dgamma, Span<float> dbeta, int batch, int channels, int space,
        int first, int end)
    {
        if (dx.IsEmpty && dgamma.IsEmpty && dbeta.IsEmpty) return;
        if (!dgamma.IsEmpty) dgamma[first..end].Clear();
        if (!dbeta.IsEmpty) dbeta[first..end].Clear();
        if (space == 1)
            BackwardRows(x, y, dy, gamma, mean, variance, epsilon, dx, dgamma, dbeta, batch, channels, first, end);
        else if (Vector256.IsHardwareAccelerated)
            BackwardPlanes<Lanes256>(x, y, dy, gamma, mean, variance, epsilon, dx, dgamma, dbeta, batch, channels, space, first, end);
        else
            BackwardPlanes<Lanes128x2>(x, y, dy, gamma, mean, variance, epsilon, dx, dgamma, dbeta, batch, channels, space, first, end);
        for (int c = first; c < end && !dgamma.IsEmpty; c++) dgamma[c] /= MathF.Sqrt(variance[c] + epsilon);
    }

    internal static void BackwardPlanes<T>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance, float epsilon, Span<float> dx, Span<float> dgamma, Span<float> dbeta, int batch, int channels, int space,
        int first, int end) where T : struct, ILanes<T>
    {
        for (int n = 0; n < batch; n++)
        {
            for (int c = first; c < end; c++)
            {
                int plane = ((n * channels) + c) * space;
                var (scaleSum, shiftSum) = BackwardPlane<T>(dgamma.IsEmpty ? default : x.Slice(plane, space),
                    y.IsEmpty ? default : y.Slice(plane, space), dy.Slice(plane, space), mean[c],
                    gamma[c] / MathF.Sqrt(variance[c] + epsilon), dx.IsEmpty ? default : dx.Slice(plane, space));
                if (!dgamma.IsEmpty) dgamma[c] += scaleSum;
                if (!dbeta.IsEmpty) dbeta[c] += shiftSum;
            }
        }
    }

    /// <summary>(sum of dy (x - mean), sum of dy), eight lanes and the tree each; dx = dy scale. An empty x, y or dx is left out.</summary>
    static (float Scale, float Shift) BackwardPlane<T>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, float mean, float scale,
        Span<float> dx) where T : struct, ILanes<T>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float pr = ref MemoryMarshal.GetReference(y);
        ref float py = ref MemoryMarshal.GetReference(dy);
        ref float pd = ref MemoryMarshal.GetReference(dx);
        bool centered = !x.IsEmpty, rectified = !y.IsEmpty, scaled = !dx.IsEmpty;
        T m = T.Create(mean), s = T.Create(scale), scaleSum = T.Create(0f), shiftSum = T.Create(0f);
        int i = 0;
        for (; i <= dy.Length - 8; i += 8)
        {
            T d = T.Load(in py, i);
            if (rectified) d = UnaryOperators.Relu.Backward(default, T.Load(in pr, i), d, default, default);
            if (centered) scaleSum = T.Fma(T.Load(in px, i) - m, d, scaleSum);
            shiftSum += d;
            if (scaled) T.Store(d * s, ref pd, i);
        }
        if (i < dy.Length)
        {
            int rest = dy.Length - i;
            T d = T.LoadPartial(in py, i, rest, 0f);
            if (rectified) d = UnaryOperators.Relu.Backward(default, T.LoadPartial(in pr, i, rest, 0f), d, default, default);
            if (centered) scaleSum = T.Fma(T.LoadPartial(in px, i, rest, mean) - m, d, scaleSum);
            shiftSum += d;
            if (scaled) T.StorePartial(d * s, ref pd, i, rest);
        }
        return (T.TreeSum(scaleSum), T.TreeSum(shiftSum));
    }

    /// <summary>[batch, channels]: sums run over the samples, in order.</summary>
    static void BackwardRows(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance, float epsilon, Span<float> dx, Span<float> dgamma, Span<float> dbeta, int batch, int channels,
        int first, int end)
    {
        for (int n = 0; n < batch; n++)
        {
            for (int c = first; c < end; c++)
            {
                int i = (n * channels) + c;
                float d = !y.IsEmpty && y[i] <= 0f ? 0f : dy[i];
                if (!dgamma.IsEmpty) dgamma[c] += (x[i] - mean[c]) * d;
                if (!dbeta.IsEmpty) dbeta[c] += d;
                if (!dx.IsEmpty) dx[i] = d * (gamma[c] / MathF.Sqrt(variance[c] + epsilon));
            }
        }
    }
}
