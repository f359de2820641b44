using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Logarithm of <see cref="Softmax"/> along the middle axis of [outer, n, inner], same order of sums.</summary>
public static class LogSoftmax
{
    /// <summary>y = x - max - log(sum e^(x - max)); <paramref name="y"/> may be <paramref name="x"/>.</summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, int outer, int n, int inner)
    {
        if (Vector256.IsHardwareAccelerated) ForwardWith<Lanes256>(x, y, outer, n, inner);
        else ForwardWith<Lanes128x2>(x, y, outer, n, inner);
    }

    /// <summary>dx = dy - e^y sum(dy); <paramref name="dx"/> may be <paramref name="dy"/>.</summary>
    public static void Backward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, int outer, int n, int inner)
    {
        if (Vector256.IsHardwareAccelerated) BackwardWith<Lanes256>(y, dy, dx, outer, n, inner);
        else BackwardWith<Lanes128x2>(y, dy, dx, outer, n, inner);
    }

    internal static void ForwardWith<T>(ReadOnlySpan<float> x, Span<float> y, int outer, int n, int inner) where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(x.Length, (long)outer * n * inner);
        SpanGuard.AtLeast(y.Length, (long)outer * n * inner);
        if (n == 0) return;
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        for (int o = 0; o < outer; o++)
        {
            ref float from = ref Unsafe.Add(ref px, (nint)o * n * inner);
            ref float to = ref Unsafe.Add(ref py, (nint)o * n * inner);
            if (inner == 1)
            {
                LogSumExp<T>(ref from, n, out float max, out float log);
                for (int i = 0; i < n; i += T.Count)
                {
                    int count = Math.Min(T.Count, n - i);
                    Softmax.Store(Softmax.Load<T>(ref from, i, count) - T.Create(max) - T.Create(log), ref to, i, count);
                }
                continue;
            }
            for (int c = 0; c < inner; c += T.Count) Column<T>(ref from, ref to, n, inner, c, Math.Min(T.Count, inner - c));
        }
    }

    internal static void BackwardWith<T>(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, int outer, int n, int inner)
        where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(y.Length, (long)outer * n * inner);
        SpanGuard.AtLeast(dy.Length, (long)outer * n * inner);
        SpanGuard.AtLeast(dx.Length, (long)outer * n * inner);
        ref float py = ref MemoryMarshal.GetReference(y);
        ref float pg = ref MemoryMarshal.GetReference(dy);
        ref float px = ref MemoryMarshal.GetReference(dx);
        for (int o = 0; o < outer; o++)
        {
            nint start = (nint)o * n * inner;
            T row = inner == 1 ? T.Create(Reduction.Sum8With<T>(dy.Slice((int)start, n))) : default;
            int stride = inner == 1 ? T.Count : inner, steps = inner == 1 ? (n + T.Count - 1) / T.Count : n;
            for (int c = 0; c < inner; c += T.Count)
            {
                T sum = row;
                if (inner != 1)
                {
                    sum = T.Create(0f);
                    for (int k = 0; k < n; k++) sum += Softmax.Load<T>(ref pg, start + ((nint)k * inner) + c, Math.Min(T.Count, inner - c));
                }
                for (int k = 0; k < steps; k++)
                {
                    int count = Math.Min(T.Count, inner == 1 ? n - (k * T.Count) : inner - c);
                    nint at = start + ((nint)k * stride) + c;
                    T e = DeterministicMath.Exp(Softmax.Load<T>(ref py, at, count));
                    Softmax.Store(Softmax.Load<T>(ref pg, at, count) - (e * sum), ref px, at, count);
                }
            }
        }
    }

    /// <summary>Largest element of a row and the logarithm of the sum of e^(x - max).</summary>
    internal static void LogSumExp<T>(ref float x, int n, out float max, out float log) where T : struct, ILanes<T>
    {
        max = Softmax.RowMax<T>(ref x, n);
        T m = T.Create(max), sum = T.Create(0f);
        int i = 0;
        for (; i <= n - T.Count; i += T.Count) sum += DeterministicMath.Exp(T.Load(in x, i) - m);
        if (i < n) sum += DeterministicMath.Exp(T.LoadPartial(in x, i, n - i, float.NegativeInfinity) - m);
        log = DeterministicMath.Log(T.TreeSum(sum));
    }

    static void Column<T>(ref float x, ref float y, int n, int inner, int c, int count) where T : struct, ILanes<T>
    {
        T max = T.Create(float.NegativeInfinity), sum = T.Create(0f);
        for (int k = 0; k < n; k++) max = Lanes.Max(max, Softmax.Load<T>(ref x, ((nint)k * inner) + c, count));
        for (int k = 0; k < n; k++) sum += DeterministicMath.Exp(Softmax.Load<T>(ref x, ((nint)k * inner) + c, count) - max);
        T log = DeterministicMath.Log(sum);
        for (int k = 0; k < n; k++)
        {
            nint at = ((nint)k * inner) + c;
            Softmax.Store(Softmax.Load<T>(ref x, at, count) - max - log, ref y, at, count);
        }
    }
}
