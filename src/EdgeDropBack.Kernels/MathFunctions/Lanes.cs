using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>Operations built from <see cref="ILanes{T}"/> primitives, the same at every width.</summary>
static class Lanes
{
    /// <summary>Larger of two; NaN in either operand is returned; of two zeros the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Max<T>(T a, T b) where T : struct, ILanes<T> => T.Select(T.LessOrEqual(a, b), b, T.Select(T.Equal(b, b), a, b));

    /// <summary>Smaller of two; NaN in either operand is returned; of two zeros the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Min<T>(T a, T b) where T : struct, ILanes<T> => T.Select(T.LessOrEqual(b, a), b, T.Select(T.Equal(b, b), a, b));

    /// <summary>min(max(x, low), high); NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Clamp<T>(T x, T low, T high) where T : struct, ILanes<T>
    {
        x = T.Select(T.Less(x, low), low, x);
        return T.Select(T.Less(high, x), high, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T SignBit<T>(T x) where T : struct, ILanes<T> => x & T.CreateBits(int.MinValue);
}
