using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>What <see cref="LayerNorm"/> and <see cref="RmsNorm"/> share: the latter keeps no means.</summary>
static class RowNorm
{
    internal static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, float epsilon, Span<float> y,
        Span<float> means, Span<float> inverses, int rows, int n)
    {
        if (Vector256.IsHardwareAccelerated) ForwardWith<Lanes256>(x, gamma, beta, epsilon, y, means, inverses, rows, n);
        else ForwardWith<Lanes128x2>(x, gamma, beta, epsilon, y, means, inverses, rows, n);
    }

    internal static void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> means, ReadOnlySpan<float> inverses,
        Span<float> dx, Span<float> dgamma, Span<float> dbeta, int rows, int n)
    {
        if (Vector256.IsHardwareAccelerated) BackwardWith<Lanes256>(x, dy, gamma, means, inverses, dx, dgamma, dbeta, rows, n);
        else BackwardWith<Lanes128x2>(x, dy, gamma, means, inverses, dx, dgamma, dbeta, rows, n);
    }

    internal static void ForwardWith<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, float epsilon, Span<float> y,
        Span<float> means, Span<float> inverses, int rows, int n) where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(x.Length, (long)rows * n);
        SpanGuard.AtLeast(gamma.Length, n);
        SpanGuard.EmptyOr(beta.Length, n);
        SpanGuard.AtLeast(y.Length, (long)rows * n);
        SpanGuard.AtLeast(inverses.Length, rows);
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        ref float pg = ref MemoryMarshal.GetReference(gamma);
        ref float pb = ref MemoryMarshal.GetReference(beta);
        for (int r = 0; r < rows; r++)
        {
            nint row = (nint)r * n;
            float mean = means.IsEmpty ? 0f : Reduction.Sum8With<T>(x.Slice((int)row, n)) / n;
            float variance = SquaredDeviations<T>(x.Slice((int)row, n), mean) / n;
            float inverse = 1f / MathF.Sqrt(variance + epsilon);
            if (!means.IsEmpty) means[r] = mean;
            inverses[r] = inverse;
            T m = T.Create(mean), s = T.Create(inverse), b = T.Create(0f);
            for (int i = 0; i < n; i += T.Count)
            {
                int count = Math.Min(T.Count, n - i);
                if (!beta.IsEmpty) b = Softmax.Load<T>(ref pb, i, count);
                T h = (Softmax.Load<T>(ref px, row + i, count) - m) * s;
                Softmax.Store(T.Fma(h, Softmax.Load<T>(ref pg, i, count), b), ref py, row + i, count);
            }
        }
    }

    internal static void BackwardWith<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> means, ReadOnlySpan<float> inverses,
        Span<float> dx, Span<float> dgamma, Span<float> dbeta, int rows, int n) where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(x.Length, (long)rows * n);
        SpanGuard.AtLeast(dy.Length, (long)rows * n);
        SpanGuard.AtLeast(gamma.Length, n);
        SpanGuard.AtLeast(inverses.Length, rows);
        SpanGuard.EmptyOr(dx.Length, (long)rows * n);
        SpanGuard.EmptyOr(dgamma.Length, n);
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(dy);
        ref float pg = ref MemoryMarshal.GetReference(gamma);
        ref float pw = ref MemoryMarshal.GetReference(dgamma);
        ref float target = ref MemoryMarshal.GetReference(dx);
        if (!dbeta.IsEmpty) Reduction.ColumnSums(dy, dbeta, rows, n);
        if (!dgamma.IsEmpty) dgamma[..n].Clear();
        for (int r = 0; r < rows; r++)
        {
            nint row = (nint)r * n;
            T m = T.Create(means.IsEmpty ? 0f : means[r]), s = T.Create(inverses[r]), sum = T.Create(0f), dot = T.Create(0f);
            for (int i = 0; i < n; i += T.Count)
            {
                int count = Math.Min(T.Count, n - i);
                T vy = Softmax.Load<T>(ref py, row + i, count), h = (Softmax.Load<T>(ref px, row + i, count) - m) * s;
                if (!dgamma.IsEmpty) Softmax.Store(T.Fma(vy, h, Softmax.Load<T>(ref pw, i, count)), ref pw, i, count);
                T g = vy * Softmax.Load<T>(ref pg, i, count);
                sum += g;
                dot = T.Fma(g, h, dot);
            }
            if (dx.IsEmpty) continue;
            T shift = T.Create(means.IsEmpty ? 0f : T.TreeSum(sum) / n), slope = T.Create(-T.TreeSum(dot) / n);
            for (int i = 0; i < n; i += T.Count)
            {
                int count = Math.Min(T.Count, n - i);
                T h = (Softmax.Load<T>(ref px, row + i, count) - m) * s;
                T g = Softmax.Load<T>(ref py, row + i, count) * Softmax.Load<T>(ref pg, i, count);
                Softmax.Store(s * T.Fma(h, slope, g - shift), ref target, row + i, count);
            }
        }
    }

    /// <summary>Sum of (x - mean)^2 of one run.</summary>
    internal static float SquaredDeviations<T>(ReadOnlySpan<float> x, float mean) where T : struct, ILanes<T>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        T m = T.Create(mean), sum = T.Create(0f);
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            T d = T.Load(in px, i) - m;
            sum = T.Fma(d, d, sum);
        }
        if (i < x.Length)
        {
            T d = T.LoadPartial(in px, i, x.Length - i, mean) - m;
            sum = T.Fma(d, d, sum);
        }
        return T.TreeSum(sum);
    }
}
