namespace EdgeDropBack.Kernels;

/// <summary>Tracked entries in store order, each with its flat index.</summary>
/// <param name="first">The entry to start with.</param>
/// <param name="count">How many entries.</param>
public readonly ref struct EntryWalk(WeightAccesses tracked, int first, int count)
{
    public Enumerator GetEnumerator() => new(tracked, first, count);

    public ref struct Enumerator(WeightAccesses tracked, int first, int count)
    {
        int _entry = first - 1, _tile;

        public readonly (int Entry, long Index) Current => (_entry, (long)_tile * WeightSource.TileSize + tracked.Indices[_entry]);

        public bool MoveNext()
        {
            if (++_entry >= first + count) return false;
            while (tracked.TileStarts[_tile + 1] <= _entry) _tile++;
            return true;
        }
    }
}
