namespace EdgeDropBack.Kernels;

/// <summary>What reading weights through a <see cref="WeightSource"/> touches: the stored base, and the tracked entries over it.</summary>
public sealed class WeightAccesses
{
    const int TileShift = 16, SearchBytes = 32;

    /// <summary>Of the base in memory: 4 for float32, 2 for half precision, 1 for quantized bytes, 0 where it is regenerated or zero.</summary>
    public required int BytesPerElement { get; init; }

    /// <summary>The base holds float32 numbers that are read where they lie.</summary>
    public required bool IsFloat32 { get; init; }

    public required MemoryBlock Base { get; init; }

    /// <summary>Number of weights where all that are not tracked are zero, so that kernels may walk the tracked ones alone; 0 elsewhere.</summary>
    public long OverZero { get; init; }

    /// <summary>As in <see cref="WeightSource"/>; empty without tracked weights.</summary>
    public int[] TileStarts { get; init; } = [];

    public ushort[] Indices { get; init; } = [];

    public MemoryBlock TileStartsBlock { get; init; }

    public MemoryBlock IndicesBlock { get; init; }

    public MemoryBlock ValuesBlock { get; init; }

    /// <summary>Where weights [start, start + count) then are: in the base, or in <paramref name="staging"/>, filled.</summary>
    internal MemoryBlock Load(AccessStream s, long start, long count, MemoryBlock staging)
    {
        var entry = First(s, start, start + count);
        if (entry < 0 && IsFloat32) return Base.From(start);
        Fill(s, start, count, entry, staging);
        return staging;
    }

    /// <summary>Whether all weights lie in memory as they are: none is tracked or computed.</summary>
    internal bool IsStored => Indices.Length == 0 && IsFloat32;

    /// <summary>Weights [start, start + count) into a cached place of their own.</summary>
    internal void Fill(AccessStream s, long start, long count, MemoryBlock destination) => Fill(s, start, count, First(s, start, start + count), destination);

    void Fill(AccessStream s, long start, long count, int entry, MemoryBlock destination)
    {
        s.ReadBytes(Base, start * BytesPerElement, count * BytesPerElement);
        s.Write(destination, 0, count);
        if (entry >= 0) Overlay(s, entry, start + count);
    }

    /// <summary>Weights [start, start + count) into a place of their own.</summary>
    public void Copy(AccessStream s, long start, long count, MemoryBlock destination)
    {
        const int chunk = 1024;
        for (var at = start; at < start + count; at += chunk)
        {
            var part = Math.Min(chunk, start + count - at);
            s.ReadBytes(Base, at * BytesPerElement, part * BytesPerElement);
            s.Write(destination, at - start, part);
        }
        if (First(s, start, start + count) is var entry and >= 0) Overlay(s, entry, start + count);
    }

    /// <summary>Tracked entries in store order, each with its flat index.</summary>
    public EntryWalk Entries() => new(this, 0, Indices.Length);

    /// <summary>Those from <paramref name="first"/> on.</summary>
    public EntryWalk Entries(int first, int count) => new(this, first, count);

    /// <summary>Looks up the entries within [start, start + count): the first of them, and how many there are.</summary>
    public (int First, int Count) Within(AccessStream s, long start, long count)
    {
        var first = First(s, start, start + count);
        if (first < 0) return (0, 0);
        var last = Last(first, start + count);
        s.ReadBytes(IndicesBlock, first * (long)sizeof(ushort), (last - first) * (long)sizeof(ushort));
        return (first, last - first);
    }

    /// <summary>The first entry within [start, end), or -1.</summary>
    int First(AccessStream s, long start, long end)
    {
        if (Indices.Length == 0 || start >= end) return -1;
        for (var tile = start >> TileShift; tile <= (end - 1) >> TileShift; tile++)
        {
            var (first, last) = (TileStarts[tile], TileStarts[tile + 1]);
            s.Read(TileStartsBlock, tile, 2);
            var entry = first + TileEntries.First(Indices.AsSpan(first, last - first), start - (tile << TileShift));
            if (last > first)
            {
                var searched = Math.Min(entry, last - 1) * (long)sizeof(ushort);
                s.ReadBytes(IndicesBlock, searched, Math.Min(SearchBytes, Indices.Length * (long)sizeof(ushort) - searched));
            }
            if (entry < last) return (tile << TileShift) + Indices[entry] < end ? entry : -1;
        }
        return -1;
    }

    void Overlay(AccessStream s, int entry, long end)
    {
        var last = Last(entry, end);
        s.ReadBytes(IndicesBlock, entry * (long)sizeof(ushort), (last - entry) * (long)sizeof(ushort));
        s.Read(ValuesBlock, entry, last - entry);
    }

    /// <summary>The entry after the last one before a flat index.</summary>
    int Last(int entry, long end)
    {
        var tile = TileStarts.AsSpan().BinarySearch(entry);
        if (tile < 0) tile = ~tile - 1;
        while (TileStarts[tile + 1] <= entry) tile++;
        for (; tile + 1 < TileStarts.Length && (long)tile << TileShift < end; tile++)
            while (entry < TileStarts[tile + 1] && ((long)tile << TileShift) + Indices[entry] < end) entry++;
        return entry;
    }
}
