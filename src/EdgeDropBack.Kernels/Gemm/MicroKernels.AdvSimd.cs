using System.Runtime.Intrinsics;

using Neon = System.Runtime.Intrinsics.Arm.AdvSimd;

namespace EdgeDropBack.Kernels;

static unsafe partial class MicroKernels
{
    /// <summary>
    /// 8 x 12: 24 accumulators, three columns of B and two of A take 29 of the 32 registers. Column by column, so that a core that issues in
    /// order waits for two loads and not for all five.
    /// </summary>
    public static void AdvSimd(nint depth, float* a, nint aRowStride, nint aDepthStride, float* b, float* c, nint cStride, bool fresh)
    {
        Vector128<float> c00 = default, c01 = default, c02 = default;
        Vector128<float> c10 = default, c11 = default, c12 = default;
        Vector128<float> c20 = default, c21 = default, c22 = default;
        Vector128<float> c30 = default, c31 = default, c32 = default;
        Vector128<float> c40 = default, c41 = default, c42 = default;
        Vector128<float> c50 = default, c51 = default, c52 = default;
        Vector128<float> c60 = default, c61 = default, c62 = default;
        Vector128<float> c70 = default, c71 = default, c72 = default;
        if (!fresh)
        {
            c00 = Vector128.Load(c);
            c01 = Vector128.Load(c + 4);
            c02 = Vector128.Load(c + 8);
            c10 = Vector128.Load(c + cStride);
            c11 = Vector128.Load(c + cStride + 4);
            c12 = Vector128.Load(c + cStride + 8);
            c20 = Vector128.Load(c + 2 * cStride);
            c21 = Vector128.Load(c + 2 * cStride + 4);
            c22 = Vector128.Load(c + 2 * cStride + 8);
            c30 = Vector128.Load(c + 3 * cStride);
            c31 = Vector128.Load(c + 3 * cStride + 4);
            c32 = Vector128.Load(c + 3 * cStride + 8);
            c40 = Vector128.Load(c + 4 * cStride);
            c41 = Vector128.Load(c + 4 * cStride + 4);
            c42 = Vector128.Load(c + 4 * cStride + 8);
            c50 = Vector128.Load(c + 5 * cStride);
            c51 = Vector128.Load(c + 5 * cStride + 4);
            c52 = Vector128.Load(c + 5 * cStride + 8);
            c60 = Vector128.Load(c + 6 * cStride);
            c61 = Vector128.Load(c + 6 * cStride + 4);
            c62 = Vector128.Load(c + 6 * cStride + 8);
            c70 = Vector128.Load(c + 7 * cStride);
            c71 = Vector128.Load(c + 7 * cStride + 4);
            c72 = Vector128.Load(c + 7 * cStride + 8);
        }
        for (; depth > 0; depth--, a += 8, b += 12)
        {
            Vector128<float> a0 = Vector128.Load(a), b0 = Vector128.Load(b), a1 = Vector128.Load(a + 4);
            Vector128<float> b1 = Vector128.Load(b + 4), b2 = Vector128.Load(b + 8);
            c00 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c00, b0, a0, 0);
            c10 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c10, b0, a0, 1);
            c20 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c20, b0, a0, 2);
            c30 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c30, b0, a0, 3);
            c40 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c40, b0, a1, 0);
            c50 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c50, b0, a1, 1);
            c60 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c60, b0, a1, 2);
            c70 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c70, b0, a1, 3);
            c01 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c01, b1, a0, 0);
            c11 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c11, b1, a0, 1);
            c21 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c21, b1, a0, 2);
            c31 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c31, b1, a0, 3);
            c41 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c41, b1, a1, 0);
            c51 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c51, b1, a1, 1);
            c61 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c61, b1, a1, 2);
            c71 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c71, b1, a1, 3);
            c02 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c02, b2, a0, 0);
            c12 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c12, b2, a0, 1);
            c22 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c22, b2, a0, 2);
            c32 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c32, b2, a0, 3);
            c42 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c42, b2, a1, 0);
            c52 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c52, b2, a1, 1);
            c62 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c62, b2, a1, 2);
            c72 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(c72, b2, a1, 3);
        }
        c00.Store(c);
        c01.Store(c + 4);
        c02.Store(c + 8);
        c10.Store(c + cStride);
        c11.Store(c + cStride + 4);
        c12.Store(c + cStride + 8);
        c20.Store(c + 2 * cStride);
        c21.Store(c + 2 * cStride + 4);
        c22.Store(c + 2 * cStride + 8);
        c30.Store(c + 3 * cStride);
        c31.Store(c + 3 * cStride + 4);
        c32.Store(c + 3 * cStride + 8);
        c40.Store(c + 4 * cStride);
        c41.Store(c + 4 * cStride + 4);
        c42.Store(c + 4 * cStride + 8);
        c50.Store(c + 5 * cStride);
        c51.Store(c + 5 * cStride + 4);
        c52.Store(c + 5 * cStride + 8);
        c60.Store(c + 6 * cStride);
        c61.Store(c + 6 * cStride + 4);
        c62.Store(c + 6 * cStride + 8);
        c70.Store(c + 7 * cStride);
        c71.Store(c + 7 * cStride + 4);
        c72.Store(c + 7 * cStride + 8);
    }
}
