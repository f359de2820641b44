using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Softmax along the middle axis of [outer, n, inner]. Sums: a run when inner is 1, otherwise a chain over n.</summary>
public static class Softmax
{
    /// <summary>y = e^(x - max) / sum; <paramref name="y"/> may be <paramref name="x"/>.</summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, int outer, int n, int inner)
    {
        if (Vector256.IsHardwareAccelerated) ForwardWith<Lanes256>(x, y, outer, n, inner);
        else ForwardWith<Lanes128x2>(x, y, outer, n, inner);
    }

    /// <summary>dx = y (dy - sum(y dy)); <paramref name="dx"/> may be <paramref name="dy"/>.</summary>
    public static void Backward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, int outer, int n, int inner)
    {
        if (Vector256.IsHardwareAccelerated) BackwardWith<Lanes256>(y, dy, dx, outer, n, inner);
        else BackwardWith<Lanes128x2>(y, dy, dx, outer, n, inner);
    }

    internal static void ForwardWith<T>(ReadOnlySpan<float> x, Span<float> y, int outer, int n, int inner) where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(x.Length, (long)outer * n * inner);
        SpanGuard.AtLeast(y.Length, (long)outer * n * inner);
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        for (int o = 0; o < outer; o++)
        {
            if (inner == 1) Row<T>(ref Unsafe.Add(ref px, (nint)o * n), ref Unsafe.Add(ref py, (nint)o * n), n);
            else Columns<T>(ref Unsafe.Add(ref px, (nint)o * n * inner), ref Unsafe.Add(ref py, (nint)o * n * inner), n, inner);
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
            if (inner == 1)
            {
                float dot = Reduction.Dot8With<T>(y.Slice((int)start, n), dy.Slice((int)start, n));
                T d = T.Create(dot);
                int i = 0;
                for (; i <= n - T.Count; i += T.Count)
                    T.Store(T.Load(in py, start + i) * (T.Load(in pg, start + i) - d), ref px, start + i);
                for (; i < n; i++) dx[(int)start + i] = y[(int)start + i] * (dy[(int)start + i] - dot);
                continue;
            }
            for (int c = 0; c < inner; c += T.Count)
            {
                int count = Math.Min(T.Count, inner - c);
                T dot = T.Create(0f);
                for (int k = 0; k < n; k++)
                    dot = T.Fma(Load<T>(ref py, start + ((nint)k * inner) + c, count), Load<T>(ref pg, start + ((nint)k * inner) + c, count), dot);
                for (int k = 0; k < n; k++)
                {
                    nint at = start + ((nint)k * inner) + c;
                    Store(Load<T>(ref py, at, count) * (Load<T>(ref pg, at, count) - dot), ref px, at, count);
                }
            }
        }
    }

    /// <summary>One contiguous row.</summary>
    internal static void Row<T>(ref float x, ref float y, int n) where T : struct, ILanes<T>
    {
        if (n == 0) return;
        T max = T.Create(RowMax<T>(ref x, n)), sum = T.Create(0f);
        int i = 0;
        for (; i <= n - T.Count; i += T.Count)
        {
            T e = DeterministicMath.Exp(T.Load(in x, i) - max);
            sum += e;
            T.Store(e, ref y, i);
        }
        if (i < n)
        {
            // a lane of -infinity contributes e^-infinity = 0, unless the maximum itself is not finite and all is NaN
            T e = DeterministicMath.Exp(T.LoadPartial(in x, i, n - i, float.NegativeInfinity) - max);
            sum += e;
            T.StorePartial(e, ref y, i, n - i);
        }
        T total = T.Create(T.TreeSum(sum));
        for (i = 0; i <= n - T.Count; i += T.Count) T.Store(T.Load(in y, i) / total, ref y, i);
        if (i < n) T.StorePartial(T.LoadPartial(in y, i, n - i, 0f) / total, ref y, i, n - i);
    }

    internal static float RowMax<T>(ref float x, int n) where T : struct, ILanes<T>
    {
        T max = T.Create(float.NegativeInfinity);
        int i = 0;
        for (; i <= n - T.Count; i += T.Count) max = Lanes.Max(max, T.Load(in x, i));
        if (i < n) max = Lanes.Max(max, T.LoadPartial(in x, i, n - i, float.NegativeInfinity));
        return T.TreeMax(max);
    }

    static void Columns<T>(ref float x, ref float y, int n, int inner) where T : struct, ILanes<T>
    {
        for (int c = 0; c < inner; c += T.Count)
        {
            int count = Math.Min(T.Count, inner - c);
            T max = T.Create(float.NegativeInfinity), sum = T.Create(0f);
            for (int k = 0; k < n; k++) max = Lanes.Max(max, Load<T>(ref x, ((nint)k * inner) + c, count));
            for (int k = 0; k < n; k++)
            {
                nint at = ((nint)k * inner) + c;
                T e = DeterministicMath.Exp(Load<T>(ref x, at, count) - max);
                sum += e;
                Store(e, ref y, at, count);
            }
            for (int k = 0; k < n; k++)
            {
                nint at = ((nint)k * inner) + c;
                Store(Load<T>(ref y, at, count) / sum, ref y, at, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Load<T>(ref float source, nint offset, int count) where T : struct, ILanes<T> =>
        count == T.Count ? T.Load(in source, offset) : T.LoadPartial(in source, offset, count, 0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(T value, ref float destination, nint offset, int count) where T : struct, ILanes<T>
    {
        if (count == T.Count) T.Store(value, ref destination, offset);
        else T.StorePartial(value, ref destination, offset, count);
    }
}
