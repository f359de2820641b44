namespace EdgeDropBack.Kernels;

/// <summary>Tracked entries in store order, each with its flat index.</summary>
public readonly ref struct EntryWalk(WeightAccesses tracked)
{
    public Enumerator GetEnumerator() => new(tracked);

    public ref struct Enumerator(WeightAccesses tracked)
    {
        int _entry = -1, _tile;

        public readonly (int Entry, long Index) Current => (_entry, (long)_tile * WeightSource.TileSize + tracked.Indices[_entry]);

        public bool MoveNext()
        {
            if (++_entry >= tracked.Indices.Length) return false;
            while (tracked.TileStarts[_tile + 1] <= _entry) _tile++;
            return true;
        }
    }
}
