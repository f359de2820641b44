namespace EdgeDropBack.Kernels.Tests;

/// <summary>The cutoff keeps exactly k entries, and the same ones as sorting by (score, tie-break, key).</summary>
public sealed class RadixSelectTests
{
    const int Count = 600;

    /// <param name="scoreBits">Scores differ in that many low bits.</param>
    /// <param name="tieBits">So do tie-breaks.</param>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 12)]
    [InlineData(2, 3)]
    [InlineData(11, 0)]
    [InlineData(12, 0)]
    [InlineData(14, 5)]
    [InlineData(22, 0)]
    [InlineData(30, 0)]
    public void CutoffKeepsTheFirstKOfTheStrictOrder(int scoreBits, int tieBits)
    {
        var (scores, ties, keys) = (new float[Count], new float[Count], new ulong[Count]);
        for (var i = 0; i < Count; i++)
        {
            scores[i] = Positive(3 * i, scoreBits);
            ties[i] = Positive(3 * i + 1, tieBits);
            keys[i] = (ulong)(i % 7) << CandidateCollector.IndexBits | Hash(3 * i + 2) % 4096 * Count + (ulong)i;
        }
        var order = Enumerable.Range(0, Count).OrderByDescending(i => scores[i]).ThenByDescending(i => ties[i]).ThenBy(i => keys[i]).ToArray();
        for (var k = 1; k <= Count; k++)
        {
            var cutoff = RadixSelect.Find(scores, ties, keys, k);
            for (var rank = 0; rank < Count; rank++)
            {
                var i = order[rank];
                Assert.True(cutoff.Keeps(scores[i], ties[i], keys[i]) == rank < k, $"k {k}, rank {rank}");
            }
        }
    }

    static float Positive(int index, int bits)
        => BitConverter.UInt32BitsToSingle(0x3F800000u ^ ((uint)Hash(index) & ((1u << bits) - 1)));

    static ulong Hash(int index)
    {
        var x = ((ulong)index + 1) * 0x9E3779B97F4A7C15ul;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ul;
        return (x ^ (x >> 27)) >> 20;
    }
}
