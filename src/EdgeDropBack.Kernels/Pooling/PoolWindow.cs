using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>The taps of one output position along one axis that fall inside the input.</summary>
readonly record struct PoolWindow(int First, int End, int Step, int PaddedCount)
{
    /// <summary>PaddedCount is the number of taps inside input plus explicit padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PoolWindow At(int output, int size, int kernel, int stride, int padBefore, int padAfter, int dilation)
    {
        int start = (output * stride) - padBefore;
        int end = Math.Min(start + ((kernel - 1) * dilation) + 1, size), paddedEnd = size + padAfter;
        // a division costs more than the taps of a small window
        if (dilation == 1) return new(Math.Max(start, 0), end, 1, Math.Min(kernel, paddedEnd - start));
        int first = start < 0 ? start + (((-start + dilation - 1) / dilation) * dilation) : start;
        int padded = Math.Min(kernel, (paddedEnd - start + dilation - 1) / dilation);
        return new(first, end, dilation, padded);
    }

    internal int Count => End <= First ? 0 : Step == 1 ? End - First : ((End - First - 1) / Step) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PoolWindow Row(in PoolShape s, int y) =>
        At(y, s.InHeight, s.KernelHeight, s.StrideHeight, s.PadTop, s.PadBottom, s.DilationHeight);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PoolWindow Column(in PoolShape s, int x) =>
        At(x, s.InWidth, s.KernelWidth, s.StrideWidth, s.PadLeft, s.PadRight, s.DilationWidth);
}
