namespace EdgeDropBack.Kernels;

/// <summary>What an <see cref="ITileSink"/> does with a block of C.</summary>
abstract class TileSinkAccesses
{
    public virtual bool Fresh => true;

    public virtual void Load(AccessStream s, MemoryBlock tile, int row, int rows, int column, int columns)
        => throw new InvalidOperationException("Chains start from zero.");

    /// <inheritdoc cref="ITileSink.TryPlace"/>
    public virtual MemoryBlock? Place(int row, int column, out int stride)
    {
        stride = 0;
        return null;
    }

    public abstract void Store(AccessStream s, int group, MemoryBlock tile, int stride, int row, int rows, int column, int columns);
}

/// <summary><see cref="DenseSink"/>.</summary>
sealed class DenseSinkAccesses(MemoryBlock c, int rowStride, bool accumulate, MemoryBlock? bias, bool isScaled = false) : TileSinkAccesses
{
    public override bool Fresh => !accumulate;

    public override void Load(AccessStream s, MemoryBlock tile, int row, int rows, int column, int columns)
    {
        for (var r = 0; r < rows; r++)
        {
            s.Read(c, (long)(row + r) * rowStride + column, columns);
            s.Write(tile, (long)r * BlockScratch.TileStride, columns);
        }
    }

    public override void Store(AccessStream s, int group, MemoryBlock tile, int stride, int row, int rows, int column, int columns)
    {
        if (tile.Address == Place(row, column, out _)!.Value.Address && bias is null && !isScaled) return;
        for (var r = 0; r < rows; r++)
        {
            s.Read(tile, (long)r * stride, columns);
            if (bias is { } offsets) s.Read(offsets, column, columns);
            s.Write(c, (long)(row + r) * rowStride + column, columns);
        }
    }

    public override MemoryBlock? Place(int row, int column, out int stride)
    {
        stride = rowStride;
        return c.From((long)row * rowStride + column);
    }
}
