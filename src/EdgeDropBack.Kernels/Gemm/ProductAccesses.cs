namespace EdgeDropBack.Kernels;

/// <summary><see cref="ProductJob{TLeft, TRight, TSink}"/>.</summary>
static class ProductAccesses
{
    public static void Run(AccessStream s, OperandAccesses left, OperandAccesses right, TileSinkAccesses sink, int groups, int rows, int columns,
        int depth)
    {
        if (groups == 0 || rows == 0 || columns == 0) return;
        ref readonly var kernel = ref s.Kernels.ForBlocks(rows, columns);
        var (blockRows, blockColumns) = GemmTuning.Blocks(kernel, 1, groups, rows, columns);
        var scratch = new BlockScratchAccesses(s, summed: false, GemmTuning.HeldBlocks(GemmTuning.DivideUp(rows, blockRows), depth));
        for (var group = 0; group < groups; group++)
        {
            for (var column = 0; column < columns; column += blockColumns)
            {
                for (var row = 0; row < rows; row += blockRows)
                {
                    int height = Math.Min(blockRows, rows - row), width = Math.Min(blockColumns, columns - column);
                    if (!sink.Fresh) sink.Load(s, scratch.Tile, row, height, column, width);
                    var (tile, stride) = (scratch.Tile, BlockScratch.TileStride);
                    if (sink.Fresh && scratch.StoresOnce(kernel, left, depth) && height % kernel.Rows == 0 && width % kernel.Columns == 0
                        && sink.Place(row, column, out var placeStride) is { } place)
                        (tile, stride) = (place, placeStride);
                    scratch.Product(kernel, left, right, group, row, height, column, width, 0, depth, sink.Fresh, tile, stride);
                    sink.Store(s, group, tile, stride, row, height, column, width);
                }
            }
        }
    }
}
