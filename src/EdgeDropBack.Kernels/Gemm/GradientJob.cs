namespace EdgeDropBack.Kernels;

/// <summary>
/// The weight-gradient driver: tiles of the fixed grid, dealt out in their order. Depth is cut into chains: each runs from 0, and finished chains
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
    Stage _stage;
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
        job.RunTiles();
        job._sink = null!;
    }

    public override void Run(int part, int parts)
    {
        if (_stage == Stage.Deliver)
        {
            if (part < Tiles)
                Deliver(part, part, Sum(part));
            return;
        }
        var scratch = new BlockScratch(_workers, part, summed: true, held: 1);
        if (_stage == Stage.Whole)
        {
            // By area: tiles at the edges of the grid can be far smaller than the others.
            var area = (long)_rows * _columns;
            var before = 0L;
            for (var index = 0L; index < Tiles; index++)
            {
                var tile = Tile(index);
                var size = (long)tile.Rows * tile.Columns;
                var owner = (2 * before + size) * parts / (2 * area);
                before += size;
                if (owner != part)
                    continue;
                Form(ref scratch, tile.Row, tile.Rows, tile.Column, tile.Columns, scratch.Sum);
                Deliver(part, index, scratch.Sum);
            }
            return;
        }
        var pieces = Tiles * parts;
        for (var piece = pieces * part / parts; piece < pieces * (part + 1) / parts; piece++)
            FormPiece(ref scratch, piece / parts, (int)(piece % parts), parts);
    }

    long Tiles => (long)GemmTuning.DivideUp(_rows, GradientTile.Rows) * GemmTuning.DivideUp(_columns, GradientTile.Columns);

    /// <summary>
    /// No more tiles than workers: every tile is formed in pieces by all of them, in the scratch of the worker with the tile's index, which then
    /// delivers it.
    /// </summary>
    void RunTiles()
    {
        _stage = _workers.Count > 1 && Tiles <= _workers.Count ? Stage.Pieces : Stage.Whole;
        if (_stage == Stage.Pieces)
            for (var part = 0; part < _workers.Count; part++)
                Sum(part);
        _workers.Run(this);
        if (_stage != Stage.Pieces)
            return;
        _stage = Stage.Deliver;
        _workers.Run(this);
    }

    float* Sum(int part) => new BlockScratch(_workers, part, summed: true, held: 1).Sum;

    (int Row, int Rows, int Column, int Columns) Tile(long index)
    {
        var rowTiles = GemmTuning.DivideUp(_rows, GradientTile.Rows);
        int row = (int)(index % rowTiles) * GradientTile.Rows, column = (int)(index / rowTiles) * GradientTile.Columns;
        return (row, Math.Min(GradientTile.Rows, _rows - row), column, Math.Min(GradientTile.Columns, _columns - column));
    }

    void Deliver(int part, long index, float* sum)
    {
        var tile = Tile(index);
        _sink.Tile(part, new Span<float>(sum, (tile.Rows - 1) * BlockScratch.TileStride + tile.Columns), BlockScratch.TileStride, tile.Row,
            tile.Rows, tile.Column, tile.Columns);
    }

    /// <summary>A tile's pieces are bands of columns, or of rows where it is higher than wide.</summary>
    void FormPiece(ref BlockScratch scratch, long index, int piece, int pieces)
    {
        ref readonly var kernel = ref KernelTable.ForBlocks(Math.Min(_rows / _groups, GradientTile.Rows), _columns);
        var tile = Tile(index);
        var sum = Sum((int)index);
        if (tile.Columns >= tile.Rows)
        {
            var width = GemmTuning.RoundUp(GemmTuning.DivideUp(tile.Columns, pieces), kernel.Columns);
            var columns = Math.Min(width, tile.Columns - piece * width);
            if (columns > 0)
                Form(ref scratch, tile.Row, tile.Rows, tile.Column + piece * width, columns, sum + piece * width);
            return;
        }
        var height = GemmTuning.RoundUp(GemmTuning.DivideUp(tile.Rows, pieces), kernel.Rows);
        var rows = Math.Min(height, tile.Rows - piece * height);
        if (rows > 0)
            Form(ref scratch, tile.Row + piece * height, rows, tile.Column, tile.Columns, sum + (nint)piece * height * BlockScratch.TileStride);
    }

    void Form(ref BlockScratch scratch, int row, int rows, int column, int columns, float* tileSum)
    {
        ref readonly var kernel = ref KernelTable.ForBlocks(Math.Min(_rows / _groups, GradientTile.Rows), _columns);
        var groupRows = _rows / _groups;
        for (var done = 0; done < rows;)
        {
            var group = (row + done) / groupRows;
            var first = (row + done) % groupRows;
            var count = Math.Min(rows - done, groupRows - first);
            var sum = tileSum + (nint)done * BlockScratch.TileStride;
            if (_summed)
                Clear(sum, count, columns);
            for (var chain = 0; chain < _chains; chain++)
            {
                int start = chain * _chainLength, end = start + _chainLength;
                // A kernel writes whole panels: a group's last one would reach into rows that another worker forms.
                var tile = _summed || _alpha != 1 || _groups > 1 ? scratch.Tile : sum;
                scratch.Product(kernel, ref _left, ref _right, group, first, count, column, columns, start, end, true, tile);
                if (tile != sum)
                    Finish(tile, sum, count, columns);
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

    enum Stage
    {
        Whole,
        Pieces,
        Deliver,
    }
}
