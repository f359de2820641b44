using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Inverted dropout with a mask that is never stored: element i is kept where <see cref="IndexedRandom.Hash"/> of
/// (seed, stream, offset + i) is at least ratio 2^32, and kept elements are divided by 1 - ratio.
/// </summary>
public static class Dropout
{
    /// <param name="x">input</param>
    /// <param name="y">output; may be <paramref name="x"/></param>
    /// <param name="ratio">share that is dropped, 0 &lt;= ratio &lt; 1</param>
    /// <param name="seed">of the run</param>
    /// <param name="stream">of the node and step</param>
    /// <param name="offset">flat index of x[0] in the whole tensor</param>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, float ratio, uint seed, uint stream, ulong offset)
    {
        SpanGuard.AtLeast(y.Length, x.Length);
        if (ratio is not (>= 0f and < 1f)) throw new ArgumentException($"dropout ratio {ratio} is not in [0, 1)");
        ulong threshold = (ulong)((double)ratio * 4294967296.0);
        float scale = 1f / (1f - ratio);
        for (int i = 0; i < x.Length; i++) y[i] = IsKept(threshold, seed, stream, offset + (ulong)i) ? x[i] * scale : 0f;
    }

    /// <summary>dx = dy where kept, divided by 1 - ratio; the mask is computed again. dx may be dy.</summary>
    public static void Backward(ReadOnlySpan<float> dy, Span<float> dx, float ratio, uint seed, uint stream, ulong offset) =>
        Forward(dy, dx, ratio, seed, stream, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool IsKept(ulong threshold, uint seed, uint stream, ulong index) => IndexedRandom.Hash(seed, stream, index) >= threshold;
}
