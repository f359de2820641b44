namespace EdgeDropBack.Kernels;

public static unsafe partial class WeightGradient
{
    /// <summary>The accesses of <see cref="Gemm"/>.</summary>
    public static void GemmAccesses(AccessStream s, MemoryBlock left, int leftStride, MemoryBlock right, int rightStride, int samples, int rows,
        int columns, float alpha, GradientSinkAccesses sink)
    {
        if (rows > 0 && columns > 0)
            Form(s, new DenseOperandAccesses(left, 1, leftStride), new DenseOperandAccesses(right, 1, rightStride), sink, false, alpha, 1, rows,
                columns, 1, samples);
    }

    /// <summary>The accesses of <see cref="Convolution"/>.</summary>
    public static void ConvolutionAccesses(AccessStream s, MemoryBlock dy, MemoryBlock x, in ConvShape shape, GradientSinkAccesses sink)
    {
        if (shape.IsDepthwise)
            DepthwiseGradientJob.Accesses(s, dy, x, shape, sink);
        else
            Form(s, new OutputLineAccesses(dy, shape), PatchAccesses.OfInputs(x, shape, alongDepth: true), sink, true, 1, shape.Groups,
                shape.WeightRows, shape.WeightColumns, shape.Batch, shape.OutPlane);
    }

    /// <summary><see cref="GradientJob{TLeft, TRight}"/>.</summary>
    static void Form(AccessStream s, OperandAccesses left, OperandAccesses right, GradientSinkAccesses sink, bool summed, float alpha, int groups,
        int rows, int columns, int chains, int chainLength)
    {
        var scratch = new BlockScratchAccesses(s, summed: true, held: 1);
        var kernel = s.Kernels.ForBlocks(Math.Min(rows / groups, GradientTile.Rows), columns);
        for (var column = 0; column < columns; column += GradientTile.Columns)
        {
            for (var row = 0; row < rows; row += GradientTile.Rows)
            {
                int height = Math.Min(GradientTile.Rows, rows - row), width = Math.Min(GradientTile.Columns, columns - column);
                if (summed) s.WriteRows(scratch.Sum, height, BlockScratch.TileStride, width);
                for (var chain = 0; chain < chains; chain++)
                {
                    for (var done = 0; done < height;)
                    {
                        var (group, first) = Math.DivRem(row + done, rows / groups);
                        var count = Math.Min(height - done, rows / groups - first);
                        var sum = scratch.Sum.From((long)done * BlockScratch.TileStride);
                        Chain(s, scratch, left, right, kernel, group, first, count, column, width, chain * chainLength,
                            (chain + 1) * chainLength, summed || alpha != 1 ? scratch.Tile : sum, sum, summed);
                        done += count;
                    }
                }
                sink.Tile(s, scratch.Sum, BlockScratch.TileStride, row, height, column, width);
            }
        }
    }

    static void Chain(AccessStream s, BlockScratchAccesses scratch, OperandAccesses left, OperandAccesses right, MicroKernel kernel, int group, int first,
        int count, int column, int width, int start, int end, MemoryBlock tile, MemoryBlock sum, bool summed)
    {
        scratch.Product(kernel, left, right, group, first, count, column, width, start, end, true, tile);
        for (var r = 0; tile.Address != sum.Address && r < count; r++)
        {
            s.Read(tile, (long)r * BlockScratch.TileStride, width);
            if (summed) s.Read(sum, (long)r * BlockScratch.TileStride, width);
            s.Write(sum, (long)r * BlockScratch.TileStride, width);
        }
    }
}
