namespace EdgeDropBack.Kernels;

/// <summary>Where the finished blocks of a product go.</summary>
unsafe interface ITileSink
{
    /// <summary>Whether chains start from 0; else <see cref="Load"/> supplies where they go on.</summary>
    bool Fresh { get; }

    void Load(int group, float* tile, int stride, int row, int rows, int column, int columns);

    /// <param name="tile">A worker's own, or what <see cref="TryPlace"/> put in its place.</param>
    void Store(int group, float* tile, int stride, int row, int rows, int column, int columns);

    /// <summary>Puts the place in C where a block may be formed in place of the worker's own tile, if there is one.</summary>
    void TryPlace(int row, int column, ref float* tile, ref int stride);
}
