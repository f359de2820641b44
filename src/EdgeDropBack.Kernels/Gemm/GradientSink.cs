namespace EdgeDropBack.Kernels;

/// <summary>Consumes the tiles of a weight gradient where they are formed; no dense gradient exists.</summary>
public abstract class GradientSink
{
    /// <summary>
    /// Receives one finished tile, once. Called on worker threads, one call at a time per worker. The tile's memory may be overwritten.
    /// </summary>
    /// <param name="worker">Part that delivers the tile.</param>
    /// <param name="tile">[rows, stride]; only the first <paramref name="columns"/> of each row are meant.</param>
    /// <param name="stride">Elements between rows of the tile.</param>
    /// <param name="row">First parameter row, a multiple of <see cref="GradientTile.Rows"/>.</param>
    /// <param name="rows">Rows in this tile.</param>
    /// <param name="column">First parameter column, a multiple of <see cref="GradientTile.Columns"/>.</param>
    /// <param name="columns">Columns in this tile.</param>
    public abstract void Tile(int worker, Span<float> tile, int stride, int row, int rows, int column, int columns);

    /// <summary>Begins a gradient that is zero but for the rows that follow, in place of tiles.</summary>
    public virtual void BeginRows() => throw new InvalidOperationException("this gradient is taken in tiles");

    /// <summary>Receives a whole row of such a gradient; rows come in ascending order, each once. The memory may be overwritten.</summary>
    /// <param name="gradient">[columns of the parameter].</param>
    public virtual void Row(Span<float> gradient, int row) => throw new InvalidOperationException("this gradient is taken in tiles");
}
