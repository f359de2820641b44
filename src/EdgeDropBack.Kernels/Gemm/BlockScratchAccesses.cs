namespace EdgeDropBack.Kernels;

/// <summary><see cref="BlockScratch"/>: packing, and the micro-kernel's pass over the packed panels.</summary>
sealed class BlockScratchAccesses
{
    readonly AccessStream _stream;
    readonly MemoryBlock _left, _right, _staging;
    (int Group, int Lane, int Lanes, int Depth) _leftKey = (-1, 0, 0, 0), _rightKey = (-1, 0, 0, 0);

    public BlockScratchAccesses(AccessStream s, bool summed)
    {
        _stream = s;
        Tile = s.Scratch;
        Sum = Tile.From(summed ? BlockScratch.TileFloats : 0);
        _left = Sum.From(BlockScratch.TileFloats);
        _right = _left.From(BlockScratch.PackedRows);
        _staging = _right.From(BlockScratch.PackedColumns);
    }

    public MemoryBlock Tile { get; }

    public MemoryBlock Sum { get; }

    public void Product(in MicroKernel kernel, OperandAccesses left, OperandAccesses right, int group, int row, int rows, int column, int columns,
        int depthStart, int depthEnd, bool fresh, MemoryBlock tile)
    {
        var (stepRows, stepColumns) = (kernel.Rows, kernel.Columns);
        if (depthStart == depthEnd && fresh) _stream.Write(tile, 0, (rows - 1) * BlockScratch.TileStride + columns);
        for (var start = depthStart; start < depthEnd; start += GemmTuning.BlockDepth, fresh = false)
        {
            var depth = Math.Min(GemmTuning.BlockDepth, depthEnd - start);
            long leftStride = depth * stepRows + GemmTuning.PanelPadding, rightStride = depth * stepColumns + GemmTuning.PanelPadding;
            Pack(left, group, row, rows, start, depth, stepRows, leftStride, _left, ref _leftKey);
            Pack(right, group, column, columns, start, depth, stepColumns, rightStride, _right, ref _rightKey);
            for (var c = 0; c < columns; c += stepColumns)
            {
                _stream.Read(_right, c / stepColumns * rightStride, (long)depth * stepColumns);
                _stream.ReadRows(_left, GemmTuning.DivideUp(rows, stepRows), leftStride, (long)depth * stepRows);
                var corner = tile.From(c);
                if (!fresh) _stream.ReadRows(corner, rows, BlockScratch.TileStride, stepColumns);
                _stream.WriteRows(corner, GemmTuning.RoundUp(rows, stepRows), BlockScratch.TileStride, stepColumns);
            }
        }
    }

    void Pack(OperandAccesses operand, int group, int lane, int lanes, int start, int depth, int width, long stride, MemoryBlock packed,
        ref (int Group, int Lane, int Lanes, int Depth) key)
    {
        if (key == (group, lane, lanes, start)) return;
        key = (group, lane, lanes, start);
        operand.Pack(_stream, group, lane, lanes, start, depth, width, stride, packed, _staging);
    }
}
