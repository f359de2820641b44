namespace EdgeDropBack.Kernels;

/// <summary><see cref="BlockScratch"/>: packing, and the micro-kernel's pass over the packed panels.</summary>
sealed class BlockScratchAccesses
{
    readonly AccessStream _stream;
    readonly MemoryBlock _left, _right, _staging;
    readonly BlockKey[] _rightKeys;
    BlockKey _leftKey = BlockKey.None;

    public BlockScratchAccesses(AccessStream s, bool summed, int held)
    {
        _stream = s;
        _rightKeys = new BlockKey[held];
        Array.Fill(_rightKeys, BlockKey.None);
        Tile = s.Scratch;
        Sum = Tile.From(summed ? BlockScratch.TileFloats : 0);
        _left = Sum.From(BlockScratch.TileFloats);
        _right = _left.From(BlockScratch.PackedRows);
        _staging = _right.From((long)held * BlockScratch.PackedColumns);
    }

    public MemoryBlock Tile { get; }

    public MemoryBlock Sum { get; }

    /// <inheritdoc cref="BlockScratch.StoresOnce"/>
    public bool StoresOnce(in MicroKernel kernel, OperandAccesses left, int depth) =>
        GemmTuning.DepthOfBlock(kernel.TakesRows && left.LiesInRows, _rightKeys.Length, depth) >= depth && depth > GemmTuning.BlockDepth;

    public void Product(in MicroKernel kernel, OperandAccesses left, OperandAccesses right, int group, int row, int rows, int column, int columns,
        int depthStart, int depthEnd, bool fresh, MemoryBlock tile, int tileStride = BlockScratch.TileStride)
    {
        var (stepRows, stepColumns) = (kernel.Rows, kernel.Columns);
        if (depthStart == depthEnd && fresh) _stream.WriteRows(tile, rows, tileStride, columns);
        var isInPlace = kernel.TakesRows && left.LiesInRows;
        var blockDepth = GemmTuning.DepthOfBlock(isInPlace, _rightKeys.Length, depthEnd - depthStart);
        for (var start = depthStart; start < depthEnd; start += blockDepth, fresh = false)
        {
            var depth = Math.Min(blockDepth, depthEnd - start);
            long leftStride = depth * stepRows + GemmTuning.PanelPadding, rightStride = depth * stepColumns + GemmTuning.PanelPadding;
            var rowsInPlace = isInPlace ? rows / stepRows * stepRows : 0;
            if (rowsInPlace < rows) Pack(left, group, row + rowsInPlace, rows - rowsInPlace, start, depth, stepRows, leftStride, _left, ref _leftKey);
            var slot = Math.Min(start / blockDepth, _rightKeys.Length - 1);
            var packedRight = _right.From((long)slot * BlockScratch.PackedColumns);
            Pack(right, group, column, columns, start, depth, stepColumns, rightStride, packedRight, ref _rightKeys[slot]);
            for (var c = 0; c < columns; c += stepColumns)
            {
                _stream.Read(packedRight, c / stepColumns * rightStride, (long)depth * stepColumns);
                if (rowsInPlace > 0) left.Read(_stream, group, row, rowsInPlace, start, depth, _staging);
                _stream.ReadRows(_left, GemmTuning.DivideUp(rows - rowsInPlace, stepRows), leftStride, (long)depth * stepRows);
                var corner = tile.From(c);
                if (!fresh) _stream.ReadRows(corner, rows, tileStride, stepColumns);
                _stream.WriteRows(corner, GemmTuning.RoundUp(rows, stepRows), tileStride, stepColumns);
            }
        }
    }

    void Pack(OperandAccesses operand, int group, int lane, int lanes, int start, int depth, int width, long stride, MemoryBlock packed,
        ref BlockKey key)
    {
        var wanted = new BlockKey(group, lane, lanes, start);
        if (key == wanted) return;
        key = wanted;
        for (var done = 0; done < depth; done += GemmTuning.BlockDepth)
            operand.Pack(_stream, group, lane, lanes, start + done, Math.Min(GemmTuning.BlockDepth, depth - done), width, stride, packed.From((long)done * width), _staging);
    }
}
