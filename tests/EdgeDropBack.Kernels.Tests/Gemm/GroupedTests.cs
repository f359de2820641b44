namespace EdgeDropBack.Kernels.Tests;

[Collection(KernelsCollection.Name)]
public sealed class GroupedTests
{
    [Theory]
    [InlineData(5, 2, 8, 3)]
    [InlineData(9, 2, 200, 40)]
    [InlineData(7, 6, 90, 300)]
    [InlineData(9, 2, 64, 32)]
    [InlineData(33, 2, 96, 40)]
    [InlineData(3, 1, 10, 4)]
    public void GroupsOfRowsHaveTheirOwnRightSides(int samples, int groups, int rows, int columns)
    {
        float[] left = Values.Normal(samples * rows, 1), right = Values.Normal(samples * groups * columns, 2);
        var tracked = new Tracked((long)rows * columns, 3, 3);
        var (dense, sampled) = (new float[rows * columns], new float[tracked.Indices.Length]);
        for (var r = 0; r < rows; r++)
        {
            var group = r / (rows / groups);
            Reference.WeightGradient(left.AsSpan(r), rows, right.AsSpan(group * columns), groups * columns, samples, 1, columns, 1f,
                dense.AsSpan(r * columns));
        }
        var every = new Tracked((long)rows * columns, 1, 3);
        var lanes = new float[every.Indices.Length];
        for (var group = 0; group < groups; group++)
        {
            var all = new float[every.Indices.Length];
            Reference.SampledGradient(left, rows, right.AsSpan(group * columns), groups * columns, samples, columns, 1f, every.TileStarts,
                every.Indices, all);
            var part = rows / groups * columns;
            all.AsSpan(group * part, part).CopyTo(lanes.AsSpan(group * part));
        }
        for (var e = 0; e < sampled.Length; e++) sampled[e] = lanes[tracked.Indices[e]];
        Values.OnEveryKernel((workers, name) =>
        {
            var sink = new GradientCollector(rows, columns);
            WeightGradient.Grouped(workers, left, rows, right, groups * columns, samples, groups, rows, columns, 1f, sink);
            sink.Check(dense, name);
            var gradients = Values.Guarded(sampled.Length);
            SampledGradient.Grouped(workers, left, rows, right, groups * columns, samples, groups, rows, columns, 1f, tracked.TileStarts,
                tracked.Indices, Values.Inside(gradients));
            Values.SameGuarded(sampled, gradients, name);
        });
    }

    [Theory]
    [InlineData(1, 5, 7)]
    [InlineData(3, 12, 40)]
    [InlineData(70, 33, 65)]
    public void APartOfTheWeightsIsAMatrixLikeAnother(int m, int n, int k)
    {
        const int origin = 70_001;
        var values = Values.Normal(origin + n * k, 3);
        var x = Values.Normal(m * k, 4);
        foreach (var transposed in new[] { true, false })
        {
            var expected = new float[m * n];
            Values.OnEveryKernel((workers, name) =>
            {
                var actual = new float[m * n];
                Gemm.MultiplyWeights(workers, x, k, WeightSource.Float32(values.AsSpan(origin)), transposed, default, 1f, expected, m, n, k);
                Gemm.MultiplyPart(workers, x, k, WeightSource.Float32(values), origin, transposed, default, 1f, actual, m, n, k);
                Values.Same(expected, actual, name);
            });
        }
    }

    [Fact]
    public void GroupsThatDoNotDivideTheRowsAreRefused()
    {
        using var workers = new Workers(1);
        Assert.Throws<ArgumentException>(() =>
            WeightGradient.Grouped(workers, new float[6], 3, new float[8], 4, 2, 2, 3, 2, 1f, new GradientCollector(3, 2)));
    }
}
