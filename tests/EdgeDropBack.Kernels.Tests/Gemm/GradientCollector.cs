namespace EdgeDropBack.Kernels.Tests;

/// <summary>Puts the tiles of a gradient together, checks the grid, and overwrites every tile as sinks may.</summary>
sealed class GradientCollector(int rows, int columns) : GradientSink
{
    readonly int[] _seen = new int[rows * columns];

    public float[] Gradient { get; } = new float[rows * columns];

    public override void Tile(int worker, Span<float> tile, int stride, int row, int tileRows, int column, int tileColumns)
    {
        Assert.Equal(0, row % GradientTile.Rows);
        Assert.Equal(0, column % GradientTile.Columns);
        Assert.Equal(Math.Min(GradientTile.Rows, rows - row), tileRows);
        Assert.Equal(Math.Min(GradientTile.Columns, columns - column), tileColumns);
        for (var r = 0; r < tileRows; r++)
        {
            for (var c = 0; c < tileColumns; c++)
            {
                var at = (row + r) * columns + column + c;
                Gradient[at] = tile[r * stride + c];
                _seen[at]++;
            }
        }
        tile.Fill(float.NaN);
    }

    public void Check(ReadOnlySpan<float> expected, string what)
    {
        Assert.All(_seen, seen => Assert.Equal(1, seen));
        Values.Same(expected, Gradient, what);
    }
}
