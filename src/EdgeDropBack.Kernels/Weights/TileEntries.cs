namespace EdgeDropBack.Kernels;

/// <summary>Looks up places in the sorted tile-local indices of tracked entries.</summary>
public static class TileEntries
{
    /// <summary>
    /// Number of the first entry at or after a tile-local index. Entries lie about evenly, so that the search starts where the index would then
    /// be, and doubles its steps from there.
    /// </summary>
    /// <param name="indices">One tile's, ascending.</param>
    /// <param name="local">May lie before the tile.</param>
    public static int First(ReadOnlySpan<ushort> indices, long local)
    {
        if (local <= 0 || indices.IsEmpty)
            return 0;
        int low = 0, high = indices.Length;
        var guess = (int)Math.Min(high * local / WeightSource.TileSize, high - 1);
        if (indices[guess] < local)
        {
            low = guess + 1;
            for (var step = 1; low + step < high; step += step)
            {
                if (indices[low + step] >= local)
                {
                    high = low + step;
                    break;
                }
                low += step + 1;
            }
        }
        else
        {
            high = guess;
            for (var step = 1; high - step >= low; step += step)
            {
                if (indices[high - step] < local)
                {
                    low = high - step + 1;
                    break;
                }
                high -= step;
            }
        }
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (indices[middle] < local)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
