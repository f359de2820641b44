using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeDropBack.Kernels;

static partial class MaxPool
{
    internal static bool IsTwoByTwo(in PoolShape s) =>
        s is { KernelHeight: 2, KernelWidth: 2, StrideHeight: 2, StrideWidth: 2, DilationHeight: 1, DilationWidth: 1 }
        && (s.PadTop | s.PadLeft | s.PadBottom | s.PadRight) == 0 && !s.CeilMode && s.OutWidth >= 4 && (Sse.IsSupported || AdvSimd.Arm64.IsSupported);

    /// <summary>
    /// One plane, 2x2 windows without padding: four outputs at a time, the last four of a row anew where less than four are left. Same winners
    /// as the reference.
    /// </summary>
    internal static void TwoByTwo(ReadOnlySpan<float> x, Span<float> y, Span<int> argmax, in PoolShape shape)
    {
        int width = shape.InWidth, outHeight = shape.OutHeight, outWidth = shape.OutWidth;
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        ref int pa = ref MemoryMarshal.GetReference(argmax);
        var steps = Vector128.Create(0, 2, 4, 6);
        for (int oy = 0; oy < outHeight; oy++)
        {
            int top = 2 * oy * width, o = oy * outWidth;
            for (int next = 0; next < outWidth; next += 4)
            {
                int ox = Math.Min(next, outWidth - 4), at = top + (2 * ox);
                var topLow = Vector128.LoadUnsafe(ref px, (nuint)at);
                var topHigh = Vector128.LoadUnsafe(ref px, (nuint)at + 4);
                var bottomLow = Vector128.LoadUnsafe(ref px, (nuint)(at + width));
                var bottomHigh = Vector128.LoadUnsafe(ref px, (nuint)(at + width) + 4);
                var winner = Vector128.Create(at) + steps;
                var right = winner + Vector128<int>.One;
                var best = Even(topLow, topHigh);
                Challenge(Odd(topLow, topHigh), right, ref best, ref winner);
                var below = Vector128.Create(at + width) + steps;
                Challenge(Even(bottomLow, bottomHigh), below, ref best, ref winner);
                Challenge(Odd(bottomLow, bottomHigh), below + Vector128<int>.One, ref best, ref winner);
                best.StoreUnsafe(ref py, (nuint)(o + ox));
                if (!argmax.IsEmpty) winner.StoreUnsafe(ref pa, (nuint)(o + ox));
            }
        }
    }

    internal static bool Wins(float value, float best) => value > best || (float.IsNaN(value) && !float.IsNaN(best));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Challenge(Vector128<float> value, Vector128<int> position, ref Vector128<float> best, ref Vector128<int> winner)
    {
        // not (value <= best): larger or either is NaN; a best that is NaN stays
        var wins = Vector128.AndNot(Vector128.Equals(best, best), Vector128.LessThanOrEqual(value, best));
        best = Vector128.ConditionalSelect(wins, value, best);
        winner = Vector128.ConditionalSelect(wins.AsInt32(), position, winner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Even(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.Shuffle(a, b, 0b10_00_10_00) : AdvSimd.Arm64.UnzipEven(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Odd(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.Shuffle(a, b, 0b11_01_11_01) : AdvSimd.Arm64.UnzipOdd(a, b);
}
