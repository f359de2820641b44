using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Sums with an order fixed by shape. A run is summed with eight accumulators (lane = position mod 8) and the tree
/// ((l0+l4)+(l2+l6))+((l1+l5)+(l3+l7)); what is longer than a run is added run by run, in order.
/// </summary>
public static partial class Reduction
{
    /// <summary>Sum of one run.</summary>
    public static float Sum8(ReadOnlySpan<float> x) => Vector256.IsHardwareAccelerated ? Sum8With<Lanes256>(x) : Sum8With<Lanes128x2>(x);

    /// <summary>Dot product of one run; each lane is a chain of fused multiply-adds.</summary>
    public static float Dot8(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Vector256.IsHardwareAccelerated ? Dot8With<Lanes256>(a, b) : Dot8With<Lanes128x2>(a, b);

    /// <summary>Sum of squares in double: eight chains, positions mod 8, added in lane order.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> x)
    {
        ref float start = ref MemoryMarshal.GetReference(x);
        Vector256<double> low = default, high = default;
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            // a float's square is exact in double, so that fused and separate operations agree
            var (a, b) = Vector256.Widen(Vector256.LoadUnsafe(ref start, (nuint)i));
            low = Vector256.FusedMultiplyAdd(a, a, low);
            high = Vector256.FusedMultiplyAdd(b, b, high);
        }
        Span<double> lanes = stackalloc double[8];
        low.CopyTo(lanes);
        high.CopyTo(lanes[4..]);
        for (int lane = 0; i < x.Length; i++, lane++) lanes[lane] += (double)x[i] * x[i];
        double sum = 0.0;
        foreach (double lane in lanes) sum += lane;
        return sum;
    }

    internal static float Sum8With<T>(ReadOnlySpan<float> x) where T : struct, ILanes<T> =>
        T.TreeSum(SumLanes<T>(ref MemoryMarshal.GetReference(x), x.Length));

    internal static float Dot8With<T>(ReadOnlySpan<float> a, ReadOnlySpan<float> b) where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(b.Length, a.Length);
        ref float pa = ref MemoryMarshal.GetReference(a);
        ref float pb = ref MemoryMarshal.GetReference(b);
        T sum = T.Create(0f);
        int i = 0;
        for (; i <= a.Length - 8; i += 8) sum = T.Fma(T.Load(in pa, i), T.Load(in pb, i), sum);
        if (i < a.Length) sum = T.Fma(T.LoadPartial(in pa, i, a.Length - i, 0f), T.LoadPartial(in pb, i, a.Length - i, 0f), sum);
        return T.TreeSum(sum);
    }

    /// <summary>The eight lanes before the tree. Zero lanes of the last group change nothing: a sum that starts at +0 never is -0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T SumLanes<T>(ref readonly float x, int count) where T : struct, ILanes<T>
    {
        T sum = T.Create(0f);
        int i = 0;
        for (; i <= count - 8; i += 8) sum += T.Load(in x, i);
        if (i < count) sum += T.LoadPartial(in x, i, count - i, 0f);
        return sum;
    }
}
