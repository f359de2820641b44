namespace EdgeDropBack.Kernels;

/// <summary>Row-major C in memory: alpha * chain + bias per column.</summary>
unsafe struct DenseSink(float* c, int rowStride, bool accumulate, float alpha, float* bias) : ITileSink
{
    public readonly bool Fresh => !accumulate;

    public readonly void Load(int group, float* tile, int stride, int row, int rows, int column, int columns)
    {
        for (var r = 0; r < rows; r++)
            new Span<float>(c + (nint)(row + r) * rowStride + column, columns).CopyTo(new Span<float>(tile + (nint)r * stride, columns));
    }

    public readonly void Store(int group, float* tile, int stride, int row, int rows, int column, int columns)
    {
        if (tile == c + (nint)row * rowStride + column && alpha == 1 && bias == null)
            return;
        for (var r = 0; r < rows; r++)
            Epilogue.Row(tile + (nint)r * stride, alpha, bias == null ? null : bias + column, c + (nint)(row + r) * rowStride + column, columns);
    }

    public readonly void TryPlace(int row, int column, ref float* tile, ref int stride)
    {
        tile = c + (nint)row * rowStride + column;
        stride = rowStride;
    }
}
