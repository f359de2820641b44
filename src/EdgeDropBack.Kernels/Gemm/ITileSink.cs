namespace EdgeDropBack.Kernels;

/// <summary>Where the finished blocks of a product go.</summary>
unsafe interface ITileSink
{
    /// <summary>Whether chains start from 0; else <see cref="Load"/> supplies where they go on.</summary>
    bool Fresh { get; }

    void Load(int group, float* tile, int stride, int row, int rows, int column, int columns);

    void Store(int group, float* tile, int stride, int row, int rows, int column, int columns);
}
