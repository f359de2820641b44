using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

static partial class Elementwise
{
    /// <summary>y[i] += x[i].</summary>
    public static void AddTo(ReadOnlySpan<float> x, Span<float> y)
    {
        if (Vector256.IsHardwareAccelerated) AddToWith<Lanes256>(x, y);
        else AddToWith<Lanes128x2>(x, y);
    }

    /// <summary>y[i] = factor x[i]; y may be x.</summary>
    public static void Scale(ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        if (Vector256.IsHardwareAccelerated) ScaleWith<Lanes256>(x, factor, y);
        else ScaleWith<Lanes128x2>(x, factor, y);
    }

    /// <summary>y[i] = fma(-rate, factor x[i], y[i]): a step of gradient descent.</summary>
    public static void Descend(ReadOnlySpan<float> x, float factor, float rate, Span<float> y)
    {
        if (Vector256.IsHardwareAccelerated) DescendWith<Lanes256>(x, factor, rate, y);
        else DescendWith<Lanes128x2>(x, factor, rate, y);
    }

    public static void Fill(Span<float> y, float value) => y.Fill(value);

    public static void Copy(ReadOnlySpan<float> x, Span<float> y) => x.CopyTo(y);

    internal static void AddToWith<T>(ReadOnlySpan<float> x, Span<float> y) where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(y.Length, x.Length);
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        int i = 0;
        for (; i <= x.Length - T.Count; i += T.Count) T.Store(T.Load(in py, i) + T.Load(in px, i), ref py, i);
        for (; i < x.Length; i++) y[i] += x[i];
    }

    internal static void ScaleWith<T>(ReadOnlySpan<float> x, float factor, Span<float> y) where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(y.Length, x.Length);
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        T scale = T.Create(factor);
        int i = 0;
        for (; i <= x.Length - T.Count; i += T.Count) T.Store(T.Load(in px, i) * scale, ref py, i);
        for (; i < x.Length; i++) y[i] = x[i] * factor;
    }

    internal static void DescendWith<T>(ReadOnlySpan<float> x, float factor, float rate, Span<float> y) where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(y.Length, x.Length);
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        T scale = T.Create(factor), step = T.Create(-rate);
        int i = 0;
        for (; i <= x.Length - T.Count; i += T.Count) T.Store(T.Fma(step, T.Load(in px, i) * scale, T.Load(in py, i)), ref py, i);
        for (; i < x.Length; i++) y[i] = MathF.FusedMultiplyAdd(-rate, x[i] * factor, y[i]);
    }
}
