using System.Runtime.Intrinsics;

using Neon = System.Runtime.Intrinsics.Arm.AdvSimd;

namespace EdgeDropBack.Kernels;

static unsafe partial class MicroKernels
{
    /// <summary>
    /// 8 x 8, eight depths a pass. The order is for cores like the Cortex-A53, which hold an instruction back until it would finish no
    /// earlier than those before it: behind a multiply-add a load of four registers waits least, arithmetic most. So all addresses of a
    /// pass are formed at once, while its first loads are under way, and one load of four, for later depths, stands before a depth. The
    /// fours of b begin at odd depths: then three fours are alive at a time, and the 32 registers hold them beside 16 sums without a move.
    /// </summary>
    public static void AdvSimd(nint depth, float* a, nint aRowStride, nint aDepthStride, float* b, float* c, nint cStride, bool fresh)
    {
        AdvSimdTile sums = default;
        if (!fresh)
            sums.Load(c, cStride);
        var passes = depth >> 3;
        while (passes != 0)
        {
            var (a0, a0High, a1, a1High) = Neon.Arm64.Load4xVector128(a);
            Vector128<float> b0 = Vector128.Load(b), b0High = Vector128.Load(b + 4);
            passes--;
            float* aFrom2 = a + 16, aFrom4 = a + 32, aFrom6 = a + 48, bFrom1 = b + 8, bFrom3 = b + 24, bFrom5 = b + 40;
            a += 64;
            b += 64;
            var (b1, b1High, b2, b2High) = Neon.Arm64.Load4xVector128(bFrom1);
            sums.Add(a0, a0High, b0, b0High);
            var (a2, a2High, a3, a3High) = Neon.Arm64.Load4xVector128(aFrom2);
            sums.Add(a1, a1High, b1, b1High);
            var (b3, b3High, b4, b4High) = Neon.Arm64.Load4xVector128(bFrom3);
            sums.Add(a2, a2High, b2, b2High);
            var (a4, a4High, a5, a5High) = Neon.Arm64.Load4xVector128(aFrom4);
            sums.Add(a3, a3High, b3, b3High);
            var (b5, b5High, b6, b6High) = Neon.Arm64.Load4xVector128(bFrom5);
            sums.Add(a4, a4High, b4, b4High);
            var (a6, a6High, a7, a7High) = Neon.Arm64.Load4xVector128(aFrom6);
            Vector128<float> b7 = Vector128.Load(bFrom5 + 16), b7High = Vector128.Load(bFrom5 + 20);
            sums.Add(a5, a5High, b5, b5High);
            sums.Add(a6, a6High, b6, b6High);
            sums.Add(a7, a7High, b7, b7High);
        }
        for (depth &= 7; depth != 0; depth--, a += 8, b += 8)
            sums.Add(Vector128.Load(a), Vector128.Load(a + 4), Vector128.Load(b), Vector128.Load(b + 4));
        sums.Store(c, cStride);
    }
}
