using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

static partial class DeterministicMath
{
    const float Log2E = 1.44269504f;
    const float Ln2High = 0.693147182f;
    const float Ln2Low = -1.90465421e-9f;

    /// <summary>1.5 * 2^23: adding it leaves the nearest integer in the low mantissa bits.</summary>
    const float RoundingMagic = 12582912f;
    const int RoundingMagicBits = 0x4B400000;

    /// <summary>x = n ln2 + r with |r| at most ln2/2; returns e^r - 1 and n + RoundingMagicBits as bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T ReducedExpm1<T>(T x, out T biased) where T : struct, ILanes<T>
    {
        T magic = T.Create(RoundingMagic);
        biased = T.Fma(x, T.Create(Log2E), magic);
        T n = biased - magic;
        T r = T.Fma(n, T.Create(-Ln2High), x);
        r = T.Fma(n, T.Create(-Ln2Low), r);
        T p = T.Create(0.000198912472f);
        p = T.Fma(p, r, T.Create(0.00139338814f));
        p = T.Fma(p, r, T.Create(0.00833331048f));
        p = T.Fma(p, r, T.Create(0.041666463f));
        p = T.Fma(p, r, T.Create(0.166666672f));
        p = T.Fma(p, r, T.Create(0.5f));
        return T.Fma(p, r * r, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Exp<T>(T x) where T : struct, ILanes<T>
    {
        x = Lanes.Clamp(x, T.Create(-104f), T.Create(89f));
        T q = ReducedExpm1(x, out T biased);
        T n = T.SubtractBits(biased, T.CreateBits(RoundingMagicBits));
        T half = T.ShiftRightBits(n, 1);
        // 2^n in two factors: n runs from -150 to 128, past the exponents of one float
        T first = T.ShiftLeftBits(T.AddBits(half, T.CreateBits(127)), 23);
        T second = T.ShiftLeftBits(T.AddBits(T.SubtractBits(n, half), T.CreateBits(127)), 23);
        return (T.Create(1f) + q) * first * second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Expm1<T>(T x) where T : struct, ILanes<T>
    {
        T clamped = Lanes.Clamp(x, T.Create(-17.5f), T.Create(89f));
        T q = ReducedExpm1(clamped, out T biased);
        // 2^(n-1), doubled at the end: n reaches 128
        T scale = T.ShiftLeftBits(T.AddBits(biased, T.CreateBits(126 - RoundingMagicBits)), 23);
        T result = T.Fma(scale, q, scale - T.Create(0.5f));
        result += result;
        return T.Select(T.Less(T.Abs(x), T.Create(2.9802322e-8f)), x, result);
    }
}
