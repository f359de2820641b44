namespace EdgeDropBack.Kernels;

/// <summary>
/// Finds the k-th entry of a strict order by histograms of the keys' bits, 11 at a time from the top, without moving anything.
/// The last digit overlaps the one before it: only entries that agree in all bits found so far are counted.
/// Scores must be positive: then the order of floats is the order of their bits.
/// </summary>
public static class RadixSelect
{
    const int Digits = 11;

    /// <summary>The k-th entry (k from 1) of [n] entries under the order of <see cref="Cutoff"/>.</summary>
    /// <param name="scores">[n], positive.</param>
    /// <param name="tieBreaks">[n], positive; decides among equal scores.</param>
    /// <param name="keys">[n], all different; decides among the rest, lowest first.</param>
    /// <param name="k">1..n.</param>
    public static Cutoff Find(ReadOnlySpan<float> scores, ReadOnlySpan<float> tieBreaks, ReadOnlySpan<ulong> keys, int k)
    {
        if (k < 1 || k > scores.Length) throw new ArgumentOutOfRangeException(nameof(k), k, $"expected 1 to {scores.Length}");
        Span<int> histogram = stackalloc int[1 << Digits];
        var rank = k;
        var score = KthLargest(scores, default, 0f, ref rank, histogram, out var ties);
        if (rank == ties) return new(score, float.NegativeInfinity, ulong.MaxValue);
        var tieBreak = KthLargest(tieBreaks, scores, score, ref rank, histogram, out ties);
        if (rank == ties) return new(score, tieBreak, ulong.MaxValue);
        return new(score, tieBreak, KthSmallestKey(scores, score, tieBreaks, tieBreak, keys, rank, histogram));
    }

    /// <summary>The rank-th largest value among those whose filter equals <paramref name="filterValue"/> (all where there is no filter).</summary>
    /// <param name="rank">In: rank from 1. Out: rank among the values equal to the result.</param>
    /// <param name="ties">How many values equal the result.</param>
    static float KthLargest(ReadOnlySpan<float> values, ReadOnlySpan<float> filter, float filterValue, ref int rank, Span<int> histogram, out int ties)
    {
        uint prefix = 0, known = 0;
        ties = 0;
        for (var shift = 32 - Digits; ; shift = Math.Max(0, shift - Digits))
        {
            histogram.Clear();
            var bits = Math.Min(Digits, 32 - shift);
            for (var i = 0; i < values.Length; i++)
            {
                if (!filter.IsEmpty && filter[i] != filterValue) continue;
                var value = BitConverter.SingleToUInt32Bits(values[i]);
                if ((value & known) == prefix) histogram[(int)(value >> shift) & ((1 << bits) - 1)]++;
            }
            var digit = (1 << bits) - 1;
            while (rank > histogram[digit]) rank -= histogram[digit--];
            prefix |= (uint)digit << shift;
            known = uint.MaxValue << shift;
            ties = histogram[digit];
            if (shift == 0) return BitConverter.UInt32BitsToSingle(prefix);
        }
    }

    static ulong KthSmallestKey(ReadOnlySpan<float> scores, float score, ReadOnlySpan<float> tieBreaks, float tieBreak,
        ReadOnlySpan<ulong> keys, int rank, Span<int> histogram)
    {
        ulong prefix = 0, known = 0;
        for (var shift = 64 - Digits; ; shift = Math.Max(0, shift - Digits))
        {
            histogram.Clear();
            for (var i = 0; i < keys.Length; i++)
                if (scores[i] == score && tieBreaks[i] == tieBreak && (keys[i] & known) == prefix)
                    histogram[(int)(keys[i] >> shift) & ((1 << Digits) - 1)]++;
            var digit = 0;
            while (rank > histogram[digit]) rank -= histogram[digit++];
            prefix |= (ulong)digit << shift;
            known = ulong.MaxValue << shift;
            if (shift == 0) return prefix;
        }
    }
}
