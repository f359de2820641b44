using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeDropBack.Kernels;

static partial class Layout
{
    /// <summary>Rows of a cache block: 16 target lines of 64 bytes.</summary>
    const int Block = 16;

    /// <summary>y[to + c targetStride + r] = x[from + r sourceStride + c] for r &lt; rows, c &lt; columns.</summary>
    static void TransposeTile(ref float x, nint from, nint sourceStride, ref float y, nint to, nint targetStride, int rows, int columns)
    {
        bool vector = Sse.IsSupported || AdvSimd.Arm64.IsSupported;
        for (int r0 = 0; r0 < rows; r0 += Block)
        {
            int rowEnd = Math.Min(r0 + Block, rows), rowVector = vector ? r0 + ((rowEnd - r0) & ~3) : r0, columnVector = vector ? columns & ~3 : 0;
            for (int c = 0; c < columnVector; c += 4)
            {
                for (int r = r0; r < rowVector; r += 4)
                    FourByFour(ref Unsafe.Add(ref x, from + (r * sourceStride) + c), sourceStride, ref Unsafe.Add(ref y, to + (c * targetStride) + r), targetStride);
            }
            for (int r = r0; r < rowEnd; r++)
            {
                for (int c = r < rowVector ? columnVector : 0; c < columns; c++)
                    Unsafe.Add(ref y, to + (c * targetStride) + r) = Unsafe.Add(ref x, from + (r * sourceStride) + c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void FourByFour(ref float x, nint sourceStride, ref float y, nint targetStride)
    {
        var a = Vector128.LoadUnsafe(ref x);
        var b = Vector128.LoadUnsafe(ref x, (nuint)sourceStride);
        var c = Vector128.LoadUnsafe(ref x, (nuint)(2 * sourceStride));
        var d = Vector128.LoadUnsafe(ref x, (nuint)(3 * sourceStride));
        var (ab, abHigh, cd, cdHigh) = Sse.IsSupported
            ? (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b), Sse.UnpackLow(c, d), Sse.UnpackHigh(c, d))
            : (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b), AdvSimd.Arm64.ZipLow(c, d), AdvSimd.Arm64.ZipHigh(c, d));
        Low(ab, cd).StoreUnsafe(ref y);
        High(ab, cd).StoreUnsafe(ref y, (nuint)targetStride);
        Low(abHigh, cdHigh).StoreUnsafe(ref y, (nuint)(2 * targetStride));
        High(abHigh, cdHigh).StoreUnsafe(ref y, (nuint)(3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? Sse.MoveLowToHigh(a, b) : AdvSimd.Arm64.ZipLow(a.AsDouble(), b.AsDouble()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? Sse.MoveHighToLow(b, a) : AdvSimd.Arm64.ZipHigh(a.AsDouble(), b.AsDouble()).AsSingle();
}
