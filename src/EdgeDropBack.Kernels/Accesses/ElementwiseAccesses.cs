namespace EdgeDropBack.Kernels;

/// <summary>Kernels that run through their operands side by side, a few lines of each at a time.</summary>
public static class ElementwiseAccesses
{
    const long Chunk = 256;

    /// <summary>Floats that kernels run through in step; operands of other lengths keep pace in proportion.</summary>
    /// <param name="reads">Blocks and their floats.</param>
    /// <param name="writes">Blocks and their floats.</param>
    public static void Stream(AccessStream s, ReadOnlySpan<(MemoryBlock Block, long Floats)> reads, ReadOnlySpan<(MemoryBlock Block, long Floats)> writes)
    {
        var longest = 0L;
        foreach (var (_, floats) in reads) longest = Math.Max(longest, floats);
        foreach (var (_, floats) in writes) longest = Math.Max(longest, floats);
        for (var start = 0L; start < longest; start += Chunk)
        {
            var end = Math.Min(longest, start + Chunk);
            foreach (var (block, floats) in reads) s.Read(block, start * floats / longest, end * floats / longest - start * floats / longest);
            foreach (var (block, floats) in writes) s.Write(block, start * floats / longest, end * floats / longest - start * floats / longest);
        }
    }
}
