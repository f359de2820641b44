namespace EdgeDropBack.Kernels;

/// <summary>
/// Walks the tracked entries of flat indices [start, end) of a row-major matrix in store order, as runs within one row and one tile.
/// </summary>
unsafe ref struct EntryRuns
{
    const int TileShift = 16;

    readonly SparseWeights _weights;
    readonly int _columns;
    readonly long _end;
    long _tile, _rowStart;
    int _entry, _tileEnd;

    public EntryRuns(in SparseWeights weights, int columns, long start, long end)
    {
        (_weights, _columns, _end) = (weights, columns, end);
        (_tile, _rowStart) = (start >> TileShift, -1);
        if (weights.Values == null || start >= end)
        {
            _end = 0;
            return;
        }
        var first = weights.TileStarts[_tile];
        _tileEnd = weights.TileStarts[_tile + 1];
        _entry = first + TileEntries.First(new ReadOnlySpan<ushort>(weights.Indices + first, _tileEnd - first), start - (_tile << TileShift));
    }

    /// <summary>Row of the present run.</summary>
    public int Row { get; private set; }

    /// <summary>Entries of the run.</summary>
    public int Count { get; private set; }

    /// <summary>Value of the run's first entry; the others follow.</summary>
    public float* Values { get; private set; }

    /// <summary>Tile-local index of the run's first entry; an entry's column is its index plus <see cref="Shift"/>.</summary>
    public ushort* Indices { get; private set; }

    public nint Shift { get; private set; }

    public bool MoveNext()
    {
        while (_entry == _tileEnd)
        {
            _tile++;
            if (_tile << TileShift >= _end)
                return false;
            (_entry, _tileEnd) = (_weights.TileStarts[_tile], _weights.TileStarts[_tile + 1]);
        }
        var tileStart = _tile << TileShift;
        var flat = tileStart + _weights.Indices[_entry];
        if (flat >= _end)
            return false;
        if (_rowStart < 0 || flat - _rowStart >= _columns)
        {
            Row = (int)(flat / _columns);
            _rowStart = (long)Row * _columns;
        }
        var limit = Math.Min(_rowStart + _columns, _end) - tileStart;
        var first = _entry;
        while (_entry < _tileEnd && _weights.Indices[_entry] < limit)
            _entry++;
        Count = _entry - first;
        Values = _weights.Values + first;
        Indices = _weights.Indices + first;
        Shift = (nint)(tileStart - _rowStart);
        return true;
    }
}
