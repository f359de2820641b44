using System.Numerics;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Looks up places in the sorted tile-local indices of tracked entries.</summary>
public static class TileEntries
{
    const int Entries = 16, Steps = 6;

    /// <summary>
    /// Number of the first entry at or after a tile-local index. Entries lie about evenly, so that the search starts where the index would then
    /// be, sixteen entries a comparison; where that does not end soon, it is halved.
    /// </summary>
    /// <param name="indices">One tile's, ascending.</param>
    /// <param name="local">May lie before the tile, or after it.</param>
    public static int First(ReadOnlySpan<ushort> indices, long local)
    {
        if (local <= 0 || indices.IsEmpty)
            return 0;
        if (local > ushort.MaxValue)
            return indices.Length;
        int low = 0, high = indices.Length;
        var at = (int)(high * local / WeightSource.TileSize);
        var wanted = Vector256.Create((ushort)local);
        for (var step = 0; step < Steps; step++)
        {
            if (at < 0 || at + Entries > indices.Length)
                break;
            var below = BitOperations.PopCount(Vector256.LessThan(Vector256.Create(indices.Slice(at, Entries)), wanted).ExtractMostSignificantBits());
            if (below is > 0 and < Entries)
                return at + below;
            if (below == 0)
                (high, at) = (at, at - Entries);
            else
                (low, at) = (at + Entries, at + Entries);
            if (low == high)
                return low;
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
