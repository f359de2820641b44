namespace EdgeDropBack.Store;

/// <summary>
/// One tensor's part of a <see cref="TrackedSet"/>, as the kernels read it. Entries of tile t are
/// <c>TileStarts[t]..TileStarts[t + 1]</c> of <see cref="Indices"/> and <see cref="Values"/>, ascending; the flat index is
/// <c>t * TrackedSet.TileSize + Indices[entry]</c>. Spans belong to the present content: take them anew after each commit.
/// </summary>
public sealed class TrackedValues
{
    readonly TrackedSet _set;

    internal TrackedValues(TrackedSet set, int ordinal, TrackedTensor tensor, int tileBase)
    {
        _set = set;
        Ordinal = ordinal;
        Name = tensor.Name;
        ElementCount = tensor.ElementCount;
        TileBase = tileBase;
    }

    /// <summary>Position in parameter order.</summary>
    public int Ordinal { get; }

    /// <summary>The initializer's name.</summary>
    public string Name { get; }

    /// <summary>Elements of the tensor, tracked or not.</summary>
    public long ElementCount { get; }

    /// <summary>Tiles of the tensor.</summary>
    public int TileCount => (int)((ElementCount + TrackedSet.TileSize - 1) / TrackedSet.TileSize);

    /// <summary>Tracked weights of this tensor.</summary>
    public int Count => _set.Current.Starts[Ordinal + 1] - Start;

    /// <summary>Position of this tensor's first entry in the set's shared arrays.</summary>
    public int Start => _set.Current.Starts[Ordinal];

    /// <summary>[tiles + 1] entry numbers, from 0 to <see cref="Count"/>.</summary>
    public ReadOnlySpan<int> TileStarts => _set.Current.TileStarts.AsSpan(TileBase, TileCount + 1);

    /// <summary>[Count] indices within their tiles.</summary>
    public ReadOnlySpan<ushort> Indices => _set.Current.Indices.AsSpan(Start, Count);

    /// <summary>[Count] values.</summary>
    public Span<float> Values => _set.Current.Values.AsSpan(Start, Count);

    internal int TileBase { get; }

    /// <summary>[Count] optimizer state of one slot.</summary>
    public Span<float> OptimizerState(int slot) => _set.Current.State[slot].AsSpan(Start, Count);

    /// <summary>Flat index of an entry.</summary>
    public long IndexAt(int entry)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(entry);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(entry, Count);
        ReadOnlySpan<int> starts = TileStarts;
        int low = 0, high = starts.Length - 2;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= entry)
                low = middle;
            else
                high = middle - 1;
        }

        return ((long)low * TrackedSet.TileSize) + Indices[entry];
    }

    /// <summary>The first entry at or after a flat index of the tensor, or <see cref="Count"/>.</summary>
    public int FirstFrom(long flatIndex)
    {
        var tile = (int)(flatIndex / TrackedSet.TileSize);
        var (first, end) = (TileStarts[tile], TileStarts[tile + 1]);
        var entry = Indices[first..end].BinarySearch((ushort)(flatIndex & (TrackedSet.TileSize - 1)));
        return first + (entry < 0 ? ~entry : entry);
    }

    /// <summary>Entry of a flat index, or -1 when that weight is not tracked.</summary>
    public int Find(long flatIndex)
    {
        if ((ulong)flatIndex >= (ulong)ElementCount)
            return -1;
        int tile = (int)(flatIndex / TrackedSet.TileSize);
        ReadOnlySpan<int> starts = TileStarts;
        int first = starts[tile];
        int entry = Indices[first..starts[tile + 1]].BinarySearch((ushort)(flatIndex & (TrackedSet.TileSize - 1)));
        return entry < 0 ? -1 : first + entry;
    }

    /// <summary>As <see cref="Find"/>, for flat indices that only rise: <paramref name="cursor"/> starts at 0 and moves on.</summary>
    internal int Seek(long flatIndex, ref int cursor)
    {
        int tile = (int)(flatIndex / TrackedSet.TileSize);
        ushort index = (ushort)(flatIndex & (TrackedSet.TileSize - 1));
        ReadOnlySpan<int> starts = TileStarts;
        ReadOnlySpan<ushort> indices = Indices;
        cursor = Math.Max(cursor, starts[tile]);
        int end = starts[tile + 1];
        while (cursor < end && indices[cursor] < index)
            cursor++;
        return cursor < end && indices[cursor] == index ? cursor : -1;
    }
}
