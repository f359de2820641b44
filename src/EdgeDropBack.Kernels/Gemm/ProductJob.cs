namespace EdgeDropBack.Kernels;

/// <summary>
/// The GEMM driver: blocks of C are dealt out by index (group, then columns, then rows, so that the right side stays packed), and every block
/// runs its whole depth in one worker's scratch before it is stored.
/// </summary>
sealed unsafe class ProductJob<TLeft, TRight, TSink> : Job
    where TLeft : struct, IOperand where TRight : struct, IOperand where TSink : struct, ITileSink
{
    Workers _workers = null!;
    TLeft _left;
    TRight _right;
    TSink _sink;
    int _groups, _rows, _columns, _depth, _blockRows, _blockColumns;

    /// <param name="left">Lanes are the rows of C.</param>
    /// <param name="right">Lanes are the columns of C.</param>
    public static void Run(Workers workers, in TLeft left, in TRight right, in TSink sink, int groups, int rows, int columns, int depth)
    {
        if (groups == 0 || rows == 0 || columns == 0)
            return;
        var job = JobCache<ProductJob<TLeft, TRight, TSink>>.Instance;
        job._workers = workers;
        (job._left, job._right, job._sink) = (left, right, sink);
        (job._groups, job._rows, job._columns, job._depth) = (groups, rows, columns, depth);
        (job._blockRows, job._blockColumns) = GemmTuning.Blocks(KernelTable.ForBlocks(rows, columns), workers.Count, groups, rows, columns);
        workers.Run(job);
    }

    public override void Run(int part, int parts)
    {
        ref readonly var kernel = ref KernelTable.ForBlocks(_rows, _columns);
        var rowBlocks = GemmTuning.DivideUp(_rows, _blockRows);
        var scratch = new BlockScratch(_workers, part, summed: false, GemmTuning.HeldBlocks(rowBlocks, _depth));
        var columnBlocks = GemmTuning.DivideUp(_columns, _blockColumns);
        var blocks = (long)_groups * rowBlocks * columnBlocks;
        for (var block = blocks * part / parts; block < blocks * (part + 1) / parts; block++)
        {
            var group = (int)(block / (rowBlocks * columnBlocks));
            var row = (int)(block % rowBlocks) * _blockRows;
            var column = (int)(block / rowBlocks % columnBlocks) * _blockColumns;
            int rows = Math.Min(_blockRows, _rows - row), columns = Math.Min(_blockColumns, _columns - column);
            if (!_sink.Fresh)
                _sink.Load(group, scratch.Tile, BlockScratch.TileStride, row, rows, column, columns);
            var tile = scratch.Tile;
            var stride = BlockScratch.TileStride;
            // A kernel writes whole panels.
            if (_sink.Fresh && scratch.StoresOnce(kernel, ref _left, group, row, _depth) && rows % kernel.Rows == 0 && columns % kernel.Columns == 0)
                _sink.TryPlace(row, column, ref tile, ref stride);
            scratch.Product(kernel, ref _left, ref _right, group, row, rows, column, columns, 0, _depth, _sink.Fresh, tile, stride);
            _sink.Store(group, tile, stride, row, rows, column, columns);
        }
    }
}
