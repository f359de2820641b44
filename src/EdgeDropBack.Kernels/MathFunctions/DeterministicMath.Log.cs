using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

static partial class DeterministicMath
{
    const int SqrtHalfBits = 0x3F3504F3;

    /// <summary>log(1 + f) + n ln2 + c for 1 + f in [sqrt(1/2), sqrt(2)], by the series of 2 atanh(f / (2 + f)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T ReducedLog<T>(T f, T n, T c) where T : struct, ILanes<T>
    {
        T s = f / (T.Create(2f) + f);
        T z = s * s;
        T p = T.Create(0.233329132f);
        p = T.Fma(p, z, T.Create(0.285507321f));
        p = T.Fma(p, z, T.Create(0.400001228f));
        p = T.Fma(p, z, T.Create(0.666666687f));
        // log(1+f) = f - (f^2/2 - s (f^2/2 + z p)); the split of ln2 keeps n * high exact
        T half = T.Create(0.5f) * f * f;
        T tail = T.Fma(s, T.Fma(z, p, half), T.Fma(n, T.Create(1.42860677e-6f), c));
        return T.Fma(n, T.Create(0.693145752f), tail - half + f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T SplitExponent<T>(T x, out T n) where T : struct, ILanes<T>
    {
        T bits = T.SubtractBits(x, T.CreateBits(SqrtHalfBits));
        n = T.ConvertBits(T.ShiftRightBits(bits, 23));
        return T.AddBits(bits & T.CreateBits(0x007FFFFF), T.CreateBits(SqrtHalfBits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log<T>(T x) where T : struct, ILanes<T>
    {
        T zero = T.Create(0f);
        T small = T.Less(x, T.Create(1.17549435e-38f));
        T scaled = T.Select(small, x * T.Create(8388608f), x);
        T m = SplitExponent(scaled, out T n);
        n -= small & T.Create(23f);
        T result = ReducedLog(m - T.Create(1f), n, zero);
        return LogLimits(x, x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log1p<T>(T x) where T : struct, ILanes<T>
    {
        T one = T.Create(1f);
        T u = one + x;
        T m = SplitExponent(u, out T n);
        T near = T.Equal(n, T.Create(0f));
        // what 1 + x lost by rounding, relative to u
        T lost = T.Select(T.Less(one, n), one - (u - x), x - (u - one)) / u;
        T result = ReducedLog(T.Select(near, x, m - one), n, T.Select(near, T.Create(0f), lost));
        result = T.Select(T.Less(T.Abs(x), T.Create(2.9802322e-8f)), x, result);
        return LogLimits(x, u, result);
    }

    /// <summary>log of an argument of 0 is -infinity, of a negative one NaN, of infinity and NaN itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T LogLimits<T>(T x, T argument, T result) where T : struct, ILanes<T>
    {
        T zero = T.Create(0f);
        result = T.Select(T.Less(argument, T.Create(float.PositiveInfinity)), result, x);
        result = T.Select(T.Equal(argument, zero), T.Create(float.NegativeInfinity), result);
        return T.Select(T.Less(argument, zero), T.Create(float.NaN), result);
    }
}
