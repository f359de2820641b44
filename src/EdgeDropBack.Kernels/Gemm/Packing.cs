using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDropBack.Kernels;

/// <summary>Lines into panels [depth, width] for the micro-kernels.</summary>
static unsafe class Packing
{
    const int Group = 4, WideGroup = 16;

    /// <summary>Staging that either way of packing needs: the lines of a block that are interleaved at a time.</summary>
    public const int StagingFloats = WideGroup * GemmTuning.BlockDepth;

    /// <summary>A line is one depth, its elements are lanes.</summary>
    public static void Across<T>(ref T lines, int group, int lane, int lanes, int depthStart, int depth, int width, nint panelStride,
        float* destination, float* staging) where T : struct, ILines
    {
        for (var d = 0; d < depth; d++)
        {
            var line = lines.Load(group, depthStart + d, lane, lanes, staging);
            var output = destination + (nint)d * width;
            var done = 0;
            for (; done + width <= lanes; done += width, output += panelStride)
                Copy(line + done, output, width);
            if (done < lanes)
            {
                Copy(line + done, output, lanes - done);
                new Span<float>(output + lanes - done, width - (lanes - done)).Clear();
            }
        }
    }

    /// <summary>A line is one lane, its elements run over depth.</summary>
    public static void Along<T>(ref T lines, int group, int lane, int lanes, int depthStart, int depth, int width, nint panelStride,
        float* destination, float* staging) where T : struct, ILines
    {
        if (Avx.IsSupported && width % (2 * WideGroup) == 0)
        {
            AlongWide(ref lines, group, lane, lanes, depthStart, depth, width, panelStride, destination, staging);
            return;
        }
        for (var first = 0; first < lanes; first += width, destination += panelStride)
        {
            for (var l = 0; l < width; l += Group)
            {
                var count = Math.Min(Group, width - l);
                var present = Math.Clamp(lanes - first - l, 0, count);
                if (present < count)
                    new Span<float>(staging + present * depth, (count - present) * depth).Clear();
                float* l0 = staging, l1 = l0 + depth, l2 = l1 + depth, l3 = l2 + depth;
                if (present > 0)
                    l0 = lines.Load(group, lane + first + l, depthStart, depth, l0);
                if (present > 1)
                    l1 = lines.Load(group, lane + first + l + 1, depthStart, depth, l1);
                if (present > 2)
                    l2 = lines.Load(group, lane + first + l + 2, depthStart, depth, l2);
                if (present > 3)
                    l3 = lines.Load(group, lane + first + l + 3, depthStart, depth, l3);
                if (count == Group)
                    Interleave4(l0, l1, l2, l3, depth, destination + l, width);
                else
                    Interleave(l0, l1, l2, count, depth, destination + l, width);
            }
        }
    }

    /// <summary>Sixteen lanes at a time, so that whole cache lines are written; a narrow panel stays in the first-level cache anyway.</summary>
    static void AlongWide<T>(ref T lines, int group, int lane, int lanes, int depthStart, int depth, int width, nint panelStride,
        float* destination, float* staging) where T : struct, ILines
    {
        var sources = stackalloc float*[WideGroup];
        for (var first = 0; first < lanes; first += width, destination += panelStride)
        {
            for (var l = 0; l < width; l += WideGroup)
            {
                var present = Math.Clamp(lanes - first - l, 0, WideGroup);
                for (var i = 0; i < present; i++)
                    sources[i] = lines.Load(group, lane + first + l + i, depthStart, depth, staging + i * depth);
                for (var i = present; i < WideGroup; i++)
                    sources[i] = staging + present * depth;
                if (present < WideGroup)
                    new Span<float>(staging + present * depth, depth).Clear();
                Interleave16(sources, depth, destination + l, width);
            }
        }
    }

    static void Interleave16(float** lines, nint count, float* destination, nint stride)
    {
        const int half = WideGroup / 2;
        nint i = 0;
        for (; i + half <= count; i += half, destination += half * stride)
        {
            Transpose8(lines, i, destination, stride);
            Transpose8(lines + half, i, destination + half, stride);
        }
        for (; i < count; i++, destination += stride)
            for (var lane = 0; lane < WideGroup; lane++)
                destination[lane] = lines[lane][i];
    }

    /// <summary>destination[i * stride + j] = line j [at + i] for eight of each.</summary>
    static void Transpose8(float** lines, nint at, float* destination, nint stride)
    {
        var (a0, a1, a2, a3) = Transpose4x8(lines, at);
        var (b0, b1, b2, b3) = Transpose4x8(lines + 4, at);
        Avx.Permute2x128(a0, b0, 0x20).Store(destination);
        Avx.Permute2x128(a1, b1, 0x20).Store(destination + stride);
        Avx.Permute2x128(a2, b2, 0x20).Store(destination + 2 * stride);
        Avx.Permute2x128(a3, b3, 0x20).Store(destination + 3 * stride);
        Avx.Permute2x128(a0, b0, 0x31).Store(destination + 4 * stride);
        Avx.Permute2x128(a1, b1, 0x31).Store(destination + 5 * stride);
        Avx.Permute2x128(a2, b2, 0x31).Store(destination + 6 * stride);
        Avx.Permute2x128(a3, b3, 0x31).Store(destination + 7 * stride);
    }

    /// <summary>Vector i has element at + i of four lines in its lower half, and at + i + 4 in its upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<float>, Vector256<float>, Vector256<float>, Vector256<float>) Transpose4x8(float** lines, nint at)
    {
        Vector256<float> l0 = Vector256.Load(lines[0] + at), l1 = Vector256.Load(lines[1] + at), l2 = Vector256.Load(lines[2] + at),
            l3 = Vector256.Load(lines[3] + at);
        Vector256<float> low01 = Avx.UnpackLow(l0, l1), high01 = Avx.UnpackHigh(l0, l1), low23 = Avx.UnpackLow(l2, l3), high23 = Avx.UnpackHigh(l2, l3);
        return (Avx.Shuffle(low01, low23, 0x44), Avx.Shuffle(low01, low23, 0xEE), Avx.Shuffle(high01, high23, 0x44), Avx.Shuffle(high01, high23, 0xEE));
    }

    /// <summary>destination[i * stride + j] = line j [i] for four lines.</summary>
    public static void Interleave4(float* l0, float* l1, float* l2, float* l3, nint count, float* destination, nint stride)
    {
        nint i = 0;
        for (; i + 4 <= count; i += 4, destination += 4 * stride)
        {
            var (r0, r1, r2, r3) = Transpose(Vector128.Load(l0 + i), Vector128.Load(l1 + i), Vector128.Load(l2 + i), Vector128.Load(l3 + i));
            r0.Store(destination);
            r1.Store(destination + stride);
            r2.Store(destination + 2 * stride);
            r3.Store(destination + 3 * stride);
        }
        for (; i < count; i++, destination += stride)
            Vector128.Create(l0[i], l1[i], l2[i], l3[i]).Store(destination);
    }

    static void Interleave(float* l0, float* l1, float* l2, int lines, nint count, float* destination, nint stride)
    {
        for (nint i = 0; i < count; i++, destination += stride)
        {
            destination[0] = l0[i];
            if (lines > 1)
                destination[1] = l1[i];
            if (lines > 2)
                destination[2] = l2[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> R0, Vector128<float> R1, Vector128<float> R2, Vector128<float> R3) Transpose(Vector128<float> a, Vector128<float> b,
        Vector128<float> c, Vector128<float> d)
    {
        Vector128<float> ab0 = LaneMoves.ZipLow(a, b), ab1 = LaneMoves.ZipHigh(a, b), cd0 = LaneMoves.ZipLow(c, d), cd1 = LaneMoves.ZipHigh(c, d);
        return (LaneMoves.JoinLow(ab0, cd0), LaneMoves.JoinHigh(ab0, cd0), LaneMoves.JoinLow(ab1, cd1), LaneMoves.JoinHigh(ab1, cd1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Copy(float* source, float* destination, int count)
    {
        var i = 0;
        for (; i + 8 <= count; i += 8)
            Vector256.Load(source + i).Store(destination + i);
        for (; i + 4 <= count; i += 4)
            Vector128.Load(source + i).Store(destination + i);
        for (; i < count; i++)
            destination[i] = source[i];
    }
}
