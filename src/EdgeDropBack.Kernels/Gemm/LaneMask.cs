using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Masks for partial blocks of eight lanes.</summary>
static class LaneMask
{
    /// <summary>Lanes [0, count).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> First(int count) => Range(0, count);

    /// <summary>Lanes [low, high).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Range(int low, int high)
    {
        var lanes = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7);
        return (Vector256.GreaterThan(lanes, Vector256.Create(low - 1)) & Vector256.LessThan(lanes, Vector256.Create(high))).AsSingle();
    }
}
