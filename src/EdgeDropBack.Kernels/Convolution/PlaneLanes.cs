using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Eight lines as the eight lanes of vectors, and back.</summary>
static unsafe class PlaneLanes
{
    public const int Count = 8;

    /// <summary>destination[8 * i + lane] = line of the lane [i]; lanes from <paramref name="present"/> on are read from <paramref name="zeros"/>.</summary>
    public static void Interleave(float* lines, nint lineStride, int present, float* zeros, nint count, float* destination)
    {
        for (var lane = 0; lane < Count; lane += 4)
        {
            var l0 = lane < present ? lines + lane * lineStride : zeros;
            var l1 = lane + 1 < present ? lines + (lane + 1) * lineStride : zeros;
            var l2 = lane + 2 < present ? lines + (lane + 2) * lineStride : zeros;
            var l3 = lane + 3 < present ? lines + (lane + 3) * lineStride : zeros;
            Packing.Interleave4(l0, l1, l2, l3, count, destination + lane, Count);
        }
    }

    /// <summary>line of the lane [i] = source[8 * i + lane], for lanes below <paramref name="present"/>.</summary>
    public static void Separate(float* source, nint count, int present, float* lines, nint lineStride)
    {
        for (var lane = 0; lane < present; lane += 4, lines += 4 * lineStride)
            Separate4(source + lane, count, Math.Min(4, present - lane), lines, lineStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Separate4(float* source, nint count, int lanes, float* lines, nint lineStride)
    {
        nint i = 0;
        for (; lanes == 4 && i + 4 <= count; i += 4, source += 4 * Count)
        {
            var (l0, l1, l2, l3) = Packing.Transpose(Vector128.Load(source), Vector128.Load(source + Count), Vector128.Load(source + 2 * Count),
                Vector128.Load(source + 3 * Count));
            l0.Store(lines + i);
            l1.Store(lines + lineStride + i);
            l2.Store(lines + 2 * lineStride + i);
            l3.Store(lines + 3 * lineStride + i);
        }
        for (; i < count; i++, source += Count)
            for (var lane = 0; lane < lanes; lane++)
                lines[lane * lineStride + i] = source[lane];
    }
}
