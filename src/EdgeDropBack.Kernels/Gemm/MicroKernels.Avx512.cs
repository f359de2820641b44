using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using unsafe NormalCode = delegate* unmanaged[SuppressGCTransition]<uint*, uint, uint, float*, nint, void>;
using unsafe OffsetsCode = delegate* unmanaged[SuppressGCTransition]<nint, float*, float*, int*, float*, nint, void>;
using unsafe PeakCode = delegate* unmanaged<nint, void>;
using unsafe PackedCode = delegate* unmanaged[SuppressGCTransition]<nint, float*, float*, float*, nint, nint, float*, void>;
using unsafe RowsCode = delegate* unmanaged[SuppressGCTransition]<nint, float*, nint, float*, float*, nint, float*, nint, void>;
using unsafe StridedCode = delegate* unmanaged[SuppressGCTransition]<nint, float*, nint, nint, float*, float*, nint, nint, void>;

namespace EdgeDropBack.Kernels;

static unsafe partial class MicroKernels
{
    const int ExtendedFeatures = 7, Avx512FoundationBit = 16, Avx512BytesBit = 30, FeaturesLeaf = 1, SystemSavesBit = 27;

    /// <summary>SSE, AVX, mask and both kinds of 512-bit registers.</summary>
    const long Avx512States = 0xE6;

    static readonly bool s_avx512 = DetectAvx512();

    static readonly StridedCode s_avx512Code = (StridedCode)Place(Avx512Code.Strided(12, 2));

    static readonly StridedCode s_avx512LowCode = (StridedCode)Place(Avx512Code.Strided(8, 2));

    static readonly PackedCode s_avx512PackedCode = (PackedCode)Place(Avx512Code.Packed(12, 2));

    static readonly PackedCode s_avx512LowPackedCode = (PackedCode)Place(Avx512Code.Packed(8, 2));

    static readonly PackedCode s_avx512WidePackedCode = (PackedCode)Place(Avx512Code.Packed(6, 4));

    static readonly RowsCode s_avx512RowsCode = (RowsCode)Place(Avx512Code.Rows(12, 2));

    static readonly RowsCode s_avx512LowRowsCode = (RowsCode)Place(Avx512Code.Rows(8, 2));

    static readonly RowsCode s_avx512WideRowsCode = (RowsCode)Place(Avx512Code.Rows(6, 4));

    static readonly OffsetsCode s_avx512OffsetsCode = (OffsetsCode)Place(Avx512Code.ByOffsets(12, 2));

    static readonly OffsetsCode s_avx512LowOffsetsCode = (OffsetsCode)Place(Avx512Code.ByOffsets(8, 2));

    static readonly NormalCode s_avx512NormalCode = (NormalCode)Place(Avx512Code.NormalRun());

    static readonly PeakCode s_avx512PeakCode = (PeakCode)Place(Avx512Code.Peak());

    /// <summary>Whether processor and system know AVX-512, and the system lets a program write code for it.</summary>
    public static bool HasAvx512 => s_avx512PeakCode != null;

    /// <summary>12 x 32: 24 accumulators, two columns of B and two broadcasts of A take 28 of the 32 registers.</summary>
    public static void Avx512(nint depth, float* a, nint aRowStride, nint aDepthStride, float* b, float* c, nint cStride, bool fresh) =>
        s_avx512Code(depth, a, aRowStride, aDepthStride, b, c, cStride, fresh ? 1 : 0);

    /// <summary>8 x 32: for row counts that twelve does not divide.</summary>
    public static void Avx512Low(nint depth, float* a, nint aRowStride, nint aDepthStride, float* b, float* c, nint cStride, bool fresh) =>
        s_avx512LowCode(depth, a, aRowStride, aDepthStride, b, c, cStride, fresh ? 1 : 0);

    public static void Avx512Packed(nint depth, float* a, float* b, float* c, nint cStride, bool fresh, float* ahead) =>
        s_avx512PackedCode(depth, a, b, c, cStride, fresh ? 1 : 0, ahead);

    public static void Avx512LowPacked(nint depth, float* a, float* b, float* c, nint cStride, bool fresh, float* ahead) =>
        s_avx512LowPackedCode(depth, a, b, c, cStride, fresh ? 1 : 0, ahead);

    /// <summary>6 x 64: for products of blocks, fewest loads for each multiply-add.</summary>
    public static void Avx512WidePacked(nint depth, float* a, float* b, float* c, nint cStride, bool fresh, float* ahead) =>
        s_avx512WidePackedCode(depth, a, b, c, cStride, fresh ? 1 : 0, ahead);

    public static void Avx512Rows(nint depth, float* a, nint aRowStride, float* b, float* c, nint cStride, bool fresh, float* ahead) =>
        s_avx512RowsCode(depth, a, aRowStride, b, ahead, fresh ? 1 : 0, c, cStride);

    public static void Avx512LowRows(nint depth, float* a, nint aRowStride, float* b, float* c, nint cStride, bool fresh, float* ahead) =>
        s_avx512LowRowsCode(depth, a, aRowStride, b, ahead, fresh ? 1 : 0, c, cStride);

    public static void Avx512WideRows(nint depth, float* a, nint aRowStride, float* b, float* c, nint cStride, bool fresh, float* ahead) =>
        s_avx512WideRowsCode(depth, a, aRowStride, b, ahead, fresh ? 1 : 0, c, cStride);

    public static void Avx512Offsets(nint depth, float* a, float* b, int* offsets, float* c, nint cStride) =>
        s_avx512OffsetsCode(depth, a, b, offsets, c, cStride);

    public static void Avx512LowOffsets(nint depth, float* a, float* b, int* offsets, float* c, nint cStride) =>
        s_avx512LowOffsetsCode(depth, a, b, offsets, c, cStride);

    public static void Avx512NormalRun(uint* constants, uint index, uint before, float* destination, nint vectors) =>
        s_avx512NormalCode(constants, index, before, destination, vectors);

    /// <summary>That many links of <see cref="Avx512Code.PeakChains"/> chains of sixteen lanes.</summary>
    public static void Avx512Peak(nint links) => s_avx512PeakCode(links);

    static void* Place(byte[] code) => s_avx512 ? ExecutableMemory.Place(code) : null;

    static bool DetectAvx512()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || !X86Base.IsSupported
            || X86Base.CpuId(0, 0).Eax < ExtendedFeatures || (X86Base.CpuId(FeaturesLeaf, 0).Ecx >> SystemSavesBit & 1) == 0
            || (X86Base.CpuId(ExtendedFeatures, 0).Ebx >> Avx512FoundationBit & 1) == 0
            || (X86Base.CpuId(ExtendedFeatures, 0).Ebx >> Avx512BytesBit & 1) == 0)
            return false;
        var states = (delegate* unmanaged<long>)ExecutableMemory.Place(Avx512Code.ExtendedStates());
        return states != null && (states() & Avx512States) == Avx512States;
    }
}
