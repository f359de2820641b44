namespace EdgeDropBack.Kernels.Tests;

[Collection(KernelsCollection.Name)]
public sealed class GradientTests
{
    [Theory]
    [InlineData(1, 1, 1, 1f)]
    [InlineData(5, 96, 256, 1f)]
    [InlineData(7, 97, 257, 0.5f)]
    [InlineData(9, 97, 200, 1f)]
    [InlineData(300, 13, 40, 1f)]
    [InlineData(32, 200, 600, -2f)]
    [InlineData(0, 4, 5, 1f)]
    public void TilesOfTheWeightGradientEqualTheReference(int samples, int rows, int columns, float alpha)
    {
        float[] left = Values.Special(samples * (rows + 2), 1), right = Values.Normal(samples * (columns + 5), 2);
        var expected = new float[rows * columns];
        Reference.WeightGradient(left, rows + 2, right, columns + 5, samples, rows, columns, alpha, expected);
        Values.OnEveryKernel((workers, name) =>
        {
            var sink = new GradientCollector(rows, columns);
            WeightGradient.Gemm(workers, left, rows + 2, right, columns + 5, samples, rows, columns, alpha, sink);
            sink.Check(expected, name);
        });
    }

    [Theory]
    [InlineData(1, 3, 4, 1, 1f)]
    [InlineData(8, 40, 50, 7, 1f)]
    [InlineData(13, 40, 50, 7, 0.25f)]
    [InlineData(32, 300, 300, 40, 1f)]
    [InlineData(100, 20, 900, 11, 1f)]
    [InlineData(0, 3, 4, 2, 1f)]
    public void SampledGradientEqualsTheReference(int samples, int rows, int columns, int every, float alpha)
    {
        float[] left = Values.Special(samples * (rows + 2), 1), right = Values.Normal(samples * (columns + 5), 2);
        var tracked = new Tracked((long)rows * columns, every, 3);
        var expected = new float[tracked.Indices.Length];
        Reference.SampledGradient(left, rows + 2, right, columns + 5, samples, columns, alpha, tracked.TileStarts, tracked.Indices, expected);
        Values.OnEveryKernel((workers, name) =>
        {
            var gradients = Values.Guarded(expected.Length);
            SampledGradient.Gemm(workers, left, rows + 2, right, columns + 5, samples, rows, columns, alpha, tracked.TileStarts, tracked.Indices,
                Values.Inside(gradients));
            Values.SameGuarded(expected, gradients, name);
        });
    }

    [Fact]
    public void OneSampleWhoseProductVanishesIsPositiveZero()
    {
        using var workers = new Workers(1);
        var gradients = new float[1];
        SampledGradient.Gemm(workers, [-1e-30f], 1, [1e-30f], 1, 1, 1, 1, 1, [0, 1], [0], gradients);
        Assert.Equal(0, BitConverter.SingleToInt32Bits(gradients[0]));
    }

    [Fact]
    public void NothingTrackedIsNothingToDo()
    {
        using var workers = new Workers(2);
        SampledGradient.Gemm(workers, new float[6], 3, new float[8], 4, 2, 3, 4, 1, [], [], []);
        SampledGradient.Gemm(workers, new float[6], 3, new float[8], 4, 2, 3, 4, 1, [0, 0], [], []);
    }
}
