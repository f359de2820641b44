using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

using Neon = System.Runtime.Intrinsics.Arm.AdvSimd;

namespace EdgeDropBack.Kernels;

/// <summary>The 8 x 8 sums of the NEON micro-kernel. All of it is inlined, so that each field is a register.</summary>
unsafe struct AdvSimdTile
{
    Vector128<float> _c00, _c01, _c10, _c11, _c20, _c21, _c30, _c31;
    Vector128<float> _c40, _c41, _c50, _c51, _c60, _c61, _c70, _c71;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(float* c, nint cStride)
    {
        _c00 = Vector128.Load(c);
        _c01 = Vector128.Load(c + 4);
        _c10 = Vector128.Load(c + cStride);
        _c11 = Vector128.Load(c + cStride + 4);
        _c20 = Vector128.Load(c + 2 * cStride);
        _c21 = Vector128.Load(c + 2 * cStride + 4);
        _c30 = Vector128.Load(c + 3 * cStride);
        _c31 = Vector128.Load(c + 3 * cStride + 4);
        _c40 = Vector128.Load(c + 4 * cStride);
        _c41 = Vector128.Load(c + 4 * cStride + 4);
        _c50 = Vector128.Load(c + 5 * cStride);
        _c51 = Vector128.Load(c + 5 * cStride + 4);
        _c60 = Vector128.Load(c + 6 * cStride);
        _c61 = Vector128.Load(c + 6 * cStride + 4);
        _c70 = Vector128.Load(c + 7 * cStride);
        _c71 = Vector128.Load(c + 7 * cStride + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* c, nint cStride)
    {
        _c00.Store(c);
        _c01.Store(c + 4);
        _c10.Store(c + cStride);
        _c11.Store(c + cStride + 4);
        _c20.Store(c + 2 * cStride);
        _c21.Store(c + 2 * cStride + 4);
        _c30.Store(c + 3 * cStride);
        _c31.Store(c + 3 * cStride + 4);
        _c40.Store(c + 4 * cStride);
        _c41.Store(c + 4 * cStride + 4);
        _c50.Store(c + 5 * cStride);
        _c51.Store(c + 5 * cStride + 4);
        _c60.Store(c + 6 * cStride);
        _c61.Store(c + 6 * cStride + 4);
        _c70.Store(c + 7 * cStride);
        _c71.Store(c + 7 * cStride + 4);
    }

    /// <summary>One depth: eight rows of a by eight columns of b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector128<float> aLow, Vector128<float> aHigh, Vector128<float> bLow, Vector128<float> bHigh)
    {
        _c00 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c00, bLow, aLow, 0);
        _c10 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c10, bLow, aLow, 1);
        _c20 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c20, bLow, aLow, 2);
        _c30 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c30, bLow, aLow, 3);
        _c40 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c40, bLow, aHigh, 0);
        _c50 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c50, bLow, aHigh, 1);
        _c60 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c60, bLow, aHigh, 2);
        _c70 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c70, bLow, aHigh, 3);
        _c01 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c01, bHigh, aLow, 0);
        _c11 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c11, bHigh, aLow, 1);
        _c21 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c21, bHigh, aLow, 2);
        _c31 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c31, bHigh, aLow, 3);
        _c41 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c41, bHigh, aHigh, 0);
        _c51 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c51, bHigh, aHigh, 1);
        _c61 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c61, bHigh, aHigh, 2);
        _c71 = Neon.Arm64.FusedMultiplyAddBySelectedScalar(_c71, bHigh, aHigh, 3);
    }
}
