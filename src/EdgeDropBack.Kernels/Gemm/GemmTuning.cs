namespace EdgeDropBack.Kernels;

/// <summary>Block sizes of the GEMM driver. They change speed and scratch, never a result.</summary>
static class GemmTuning
{
    /// <summary>MC, NC: rows and columns of one block of C; the gradient grid's tile, so that both drivers share their scratch.</summary>
    public const int BlockRows = GradientTile.Rows;
    public const int BlockColumns = GradientTile.Columns;

    /// <summary>KC: a packed panel of B stays in L1, but for the widest kernel, and the packed block (KC x NC) in L2.</summary>
    public const int BlockDepth = 256;

    /// <summary>
    /// Depth blocks of the right side that stay packed for all rows of a column of blocks, where there are at least <see cref="HeldFromRowBlocks"/>
    /// of them; one otherwise.
    /// </summary>
    public const int HeldDepthBlocks = 4;
    public const int HeldFromRowBlocks = 3;

    /// <summary>Blocks are made narrower until every worker has this many, or the width reaches <see cref="MinimumColumns"/>.</summary>
    public const int BlocksPerWorker = 4;
    public const int MinimumColumns = 48;

    /// <summary>Floats between panels beyond their contents, against cache-set aliasing.</summary>
    public const int PanelPadding = 16;

    /// <summary>Rows and columns of the blocks that a product is cut into.</summary>
    public static (int Rows, int Columns) Blocks(in MicroKernel kernel, int workers, int groups, int rows, int columns)
    {
        var rowBlocks = DivideUp(rows, BlockRows);
        var blockRows = Math.Min(BlockRows, RoundUp(DivideUp(rows, rowBlocks), kernel.Rows));
        var wanted = BlocksPerWorker * workers;
        var columnBlocks = DivideUp(columns, BlockColumns);
        if (workers > 1 && (long)columnBlocks * rowBlocks * groups < wanted)
            columnBlocks = Math.Max(columnBlocks, Math.Min(DivideUp(wanted, rowBlocks * groups), columns / MinimumColumns));
        return (blockRows, Math.Min(BlockColumns, RoundUp(DivideUp(columns, columnBlocks), kernel.Columns)));
    }

    /// <summary>Depth blocks of the right side that a product holds packed.</summary>
    public static int HeldBlocks(int rowBlocks, int depth) =>
        rowBlocks < HeldFromRowBlocks ? 1 : Math.Clamp(DivideUp(depth, BlockDepth), 1, HeldDepthBlocks);

    /// <summary>
    /// Depth of a block: long runs where the left side is read in place and the right side is held whole, for every row then is one stretch of
    /// memory and every sum is stored once.
    /// </summary>
    public static int DepthOfBlock(bool inPlace, int held, int depth) =>
        inPlace && depth <= held * BlockDepth ? held * BlockDepth : BlockDepth;

    public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    public static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
