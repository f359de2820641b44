namespace EdgeDropBack.Kernels;

/// <summary>
/// The weight-gradient driver: tiles of the fixed grid, dealt out in their order, or formed in pieces where that leaves workers idle. Depth is
/// cut into chains: each runs from 0, and finished chains are added in order from 0 (one a sample for a convolution), or a single one is the
/// result, times alpha (a dense layer).
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
    long _firstTile;
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
            if (_firstTile + part < Tiles)
                Deliver(part, _firstTile + part, Sum(part));
            return;
        }
        var scratch = new BlockScratch(_workers, part, summed: true, held: 1);
        if (_stage == Stage.Pieces)
        {
            FormPieces(ref scratch, part, parts);
            return;
        }
        var before = 0L;
        for (var index = 0L; index < Tiles; index++)
        {
            var tile = Tile(index);
            if (Owner(tile, ref before, parts) != part)
                continue;
            var band = new Band(tile.Row, tile.Rows, tile.Column, tile.Columns, scratch.Sum);
            Begin(band);
            for (var chain = 0; chain < _chains; chain++)
                Form(ref scratch, band, chain);
            Deliver(part, index, scratch.Sum);
        }
    }

    long Tiles => (long)GemmTuning.DivideUp(_rows, GradientTile.Rows) * GemmTuning.DivideUp(_columns, GradientTile.Columns);

    /// <summary>
    /// Whole tiles where they come out even; else as many tiles at a time as there are workers, each formed in pieces by all of them, in the
    /// scratch of the worker that then delivers it.
    /// </summary>
    void RunTiles()
    {
        _stage = Stage.Whole;
        if (IsEven(_workers.Count))
        {
            _workers.Run(this);
            return;
        }
        for (var part = 0; part < _workers.Count; part++)
            Sum(part);
        for (_firstTile = 0; _firstTile < Tiles; _firstTile += _workers.Count)
        {
            _stage = Stage.Pieces;
            _workers.Run(this);
            _stage = Stage.Deliver;
            _workers.Run(this);
        }
    }

    /// <summary>Whether no worker's tiles are larger than its share by more than a sixteenth.</summary>
    bool IsEven(int parts)
    {
        if (parts == 1)
            return true;
        var most = (long)_rows * _columns * 17 / (16 * parts);
        long before = 0, own = 0, last = 0;
        for (var index = 0L; index < Tiles; index++)
        {
            var tile = Tile(index);
            var owner = Owner(tile, ref before, parts);
            own = owner == last ? own + Area(tile) : Area(tile);
            last = owner;
            if (own > most)
                return false;
        }
        return true;
    }

    /// <summary>By area: tiles at the edges of the grid can be far smaller than the others. The area before a tile grows by that of the tile.</summary>
    long Owner((int Row, int Rows, int Column, int Columns) tile, ref long before, int parts)
    {
        var owner = (2 * before + Area(tile)) * parts / (2L * _rows * _columns);
        before += Area(tile);
        return owner;
    }

    static long Area((int Row, int Rows, int Column, int Columns) tile) => (long)tile.Rows * tile.Columns;

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

    /// <summary>One piece of each tile at hand. Chains come first, so that tiles of the same columns share what is packed of them.</summary>
    void FormPieces(ref BlockScratch scratch, int piece, int pieces)
    {
        var tiles = (int)Math.Min(pieces, Tiles - _firstTile);
        for (var tile = 0; tile < tiles; tile++)
            if (Piece(tile, piece, pieces) is { IsEmpty: false } band)
                Begin(band);
        for (var chain = 0; chain < _chains; chain++)
            for (var tile = 0; tile < tiles; tile++)
                if (Piece(tile, piece, pieces) is { IsEmpty: false } band)
                    Form(ref scratch, band, chain);
    }

    /// <summary>A tile's pieces are bands of columns, or of rows where it is higher than wide.</summary>
    Band Piece(int number, int piece, int pieces)
    {
        ref readonly var kernel = ref Kernel;
        var tile = Tile(_firstTile + number);
        var sum = Sum(number);
        if (tile.Columns >= tile.Rows)
        {
            var width = GemmTuning.RoundUp(GemmTuning.DivideUp(tile.Columns, pieces), kernel.Columns);
            return new(tile.Row, tile.Rows, tile.Column + piece * width, Math.Min(width, tile.Columns - piece * width), sum + piece * width);
        }
        var height = GemmTuning.RoundUp(GemmTuning.DivideUp(tile.Rows, pieces), kernel.Rows);
        return new(tile.Row + piece * height, Math.Min(height, tile.Rows - piece * height), tile.Column, tile.Columns,
            sum + (nint)piece * height * BlockScratch.TileStride);
    }

    ref readonly MicroKernel Kernel => ref KernelTable.ForBlocks(Math.Min(_rows / _groups, GradientTile.Rows), _columns);

    void Begin(in Band band)
    {
        if (_summed)
            Clear(band.Sum, band.Rows, band.Columns);
    }

    /// <summary>One chain of a band, group by group of its rows.</summary>
    void Form(ref BlockScratch scratch, in Band band, int chain)
    {
        ref readonly var kernel = ref Kernel;
        var groupRows = _rows / _groups;
        int start = chain * _chainLength, end = start + _chainLength;
        for (var done = 0; done < band.Rows;)
        {
            var (group, first) = Math.DivRem(band.Row + done, groupRows);
            var count = Math.Min(band.Rows - done, groupRows - first);
            var sum = band.Sum + (nint)done * BlockScratch.TileStride;
            // A kernel writes whole panels: a group's last one would reach into rows that another worker forms.
            var tile = _summed || _alpha != 1 || _groups > 1 ? scratch.Tile : sum;
            scratch.Product(kernel, ref _left, ref _right, group, first, count, band.Column, band.Columns, start, end, true, tile);
            if (tile != sum)
                Finish(tile, sum, count, band.Columns);
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

    /// <summary>Rows and columns of a tile, and where their sums begin.</summary>
    readonly struct Band(int row, int rows, int column, int columns, float* sum)
    {
        public readonly int Row = row, Rows = rows, Column = column, Columns = columns;
        public readonly float* Sum = sum;

        public bool IsEmpty => Rows <= 0 || Columns <= 0;
    }

    enum Stage
    {
        Whole,
        Pieces,
        Deliver,
    }
}
