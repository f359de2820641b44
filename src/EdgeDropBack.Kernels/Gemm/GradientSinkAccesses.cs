namespace EdgeDropBack.Kernels;

/// <summary>What a <see cref="GradientSink"/> does with a tile.</summary>
public abstract class GradientSinkAccesses
{
    /// <param name="stride">Floats between rows of the tile.</param>
    public abstract void Tile(AccessStream s, MemoryBlock tile, int stride, int row, int rows, int column, int columns);
}
