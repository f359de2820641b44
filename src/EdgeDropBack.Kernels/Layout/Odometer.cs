using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>Steps a row-major index and the offset it stands for; the caller provides the counters.</summary>
static class Odometer
{
    /// <summary>Moves to the next index over sizes (innermost last) and returns the new offset; wraps to 0 at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Next(Span<int> index, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides, int offset)
    {
        for (int d = index.Length - 1; d >= 0; d--)
        {
            offset += strides[d];
            if (++index[d] < sizes[d]) return offset;
            index[d] = 0;
            offset -= strides[d] * sizes[d];
        }
        return offset;
    }
}
