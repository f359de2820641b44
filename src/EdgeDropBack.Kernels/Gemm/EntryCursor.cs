namespace EdgeDropBack.Kernels;

/// <summary>Walks tracked entries in store order as (row, column) of a row-major matrix, without dividing while a row lasts.</summary>
unsafe ref struct EntryCursor(int* tileStarts, ushort* indices, int columns)
{
    int _tile = -1;
    long _rowStart = -1;

    public int Row { get; private set; } = -1;

    public int Column { get; private set; }

    /// <summary>Entries must be visited in ascending order.</summary>
    public void Move(int entry)
    {
        if (_tile < 0 || entry >= tileStarts[_tile + 1])
            _tile = FindTile(entry);
        var flat = (long)_tile * WeightSource.TileSize + indices[entry];
        if (Row < 0 || flat - _rowStart >= columns)
        {
            Row = (int)(flat / columns);
            _rowStart = (long)Row * columns;
        }
        Column = (int)(flat - _rowStart);
    }

    readonly int FindTile(int entry)
    {
        var tile = Math.Max(_tile, 0);
        while (tileStarts[tile + 1] <= entry)
            tile++;
        return tile;
    }
}
