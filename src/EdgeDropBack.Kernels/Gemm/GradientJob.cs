namespace EdgeDropBack.Kernels;

/// <summary>
/// The weight-gradient driver: tiles of the fixed grid, dealt out by index. Depth is cut into chains: each runs from 0, and finished chains
/// are added in order from 0 (one a sample for a convolution), or a single one is the result, times alpha (a dense layer).
/// </summary>
sealed unsafe class GradientJob<TLeft, TRight> : Job where TLeft : struct, IOperand where TRight : struct, IOperand
{
    Workers _workers = null!;
    GradientSink _sink = null!;
    TLeft _left;
    TRight _right;
    float _alpha;
    bool _summed;
    int _groups, _rows, _columns, _chains, _chainLength;

    /// <param name="summed">Whether the chains are added; else there is exactly one.</param>
    /// <param name="rows">Parameter rows of all groups together.</param>
    public static void Run(Workers workers, in TLeft left, in TRight right, GradientSink sink, bool summed, float alpha, int groups, int rows,
        int columns, int chains, int chainLength)
    {
        var job = JobCache<GradientJob<TLeft, TRight>>.Instance;
        (job._workers, job._sink) = (workers, sink);
        (job._left, job._right, job._alpha, job._summed) = (left, right, alpha, summed);
        (job._groups, job._rows, job._columns, job._chains, job._chainLength) = (groups, rows, columns, chains, chainLength);
        workers.Run(job);
        job._sink = null!;
    }

    public override void Run(int part, int parts)
    {
        var scratch = new BlockScratch(_workers, part, summed: true);
        int rowTiles = GemmTuning.DivideUp(_rows, GradientTile.Rows), columnTiles = GemmTuning.DivideUp(_columns, GradientTile.Columns);
        var tiles = (long)rowTiles * columnTiles;
        for (var tile = tiles * part / parts; tile < tiles * (part + 1) / parts; tile++)
        {
            var row = (int)(tile % rowTiles) * GradientTile.Rows;
            var column = (int)(tile / rowTiles) * GradientTile.Columns;
            int rows = Math.Min(GradientTile.Rows, _rows - row), columns = Math.Min(GradientTile.Columns, _columns - column);
            Form(ref scratch, row, rows, column, columns);
            _sink.Tile(part, new Span<float>(scratch.Sum, (rows - 1) * BlockScratch.TileStride + columns), BlockScratch.TileStride, row, rows,
                column, columns);
        }
    }

    void Form(ref BlockScratch scratch, int row, int rows, int column, int columns)
    {
        ref readonly var kernel = ref KernelTable.Current;
        var groupRows = _rows / _groups;
        for (var done = 0; done < rows;)
        {
            var group = (row + done) / groupRows;
            var first = (row + done) % groupRows;
            var count = Math.Min(rows - done, groupRows - first);
            var sum = scratch.Sum + (nint)done * BlockScratch.TileStride;
            if (_summed)
                Clear(sum, count, columns);
            for (var chain = 0; chain < _chains; chain++)
            {
                int start = chain * _chainLength, end = start + _chainLength;
                scratch.Product(kernel, ref _left, ref _right, group, first, count, column, columns, start, end, true, scratch.Tile);
                Finish(scratch.Tile, sum, count, columns);
            }
            done += count;
        }
    }

    static void Clear(float* sum, int rows, int columns)
    {
        for (var r = 0; r < rows; r++)
            new Span<float>(sum + r * BlockScratch.TileStride, columns).Clear();
    }

    void Finish(float* tile, float* sum, int rows, int columns)
    {
        for (var r = 0; r < rows; r++, tile += BlockScratch.TileStride, sum += BlockScratch.TileStride)
        {
            if (_summed)
                Epilogue.Row(sum, 1, tile, sum, columns);
            else
                Epilogue.Row(tile, _alpha, null, sum, columns);
        }
    }
}
