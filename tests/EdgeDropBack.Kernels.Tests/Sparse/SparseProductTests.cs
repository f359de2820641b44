namespace EdgeDropBack.Kernels.Tests;

[Collection(KernelsCollection.Name)]
public sealed class SparseProductTests
{
    /// <summary>Samples, outputs, depth; the last ones have several tiles of entries, with rows that straddle them.</summary>
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 2, 3, 4 }, { 7, 17, 9 }, { 8, 16, 30 }, { 5, 10, 0 }, { 3, 0, 5 }, { 0, 4, 5 }, { 32, 40, 70 }, { 33, 31, 257 },
        { 70, 21, 90 }, { 1, 300, 520 }, { 32, 491, 300 }, { 9, 3, 70_000 }, { 4, 70_001, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ProductsEqualTheReferenceAndTheDenseKernelUpToTheSignOfZero(int m, int n, int k)
    {
        var x = Values.Normal(m * (k + 1), 1);
        var bias = Values.Normal(n, 4);
        var tracked = new Tracked((long)n * k, 20, 5);
        foreach (var transposed in (bool[])[false, true])
        {
            var alpha = transposed ? 1 : 0.3f;
            float[] expected = new float[m * n], dense = new float[m * n], materialised = new float[(long)n * k];
            tracked.Over(WeightSource.Zero((long)n * k)).CopyTo(0, materialised);
            Reference.MultiplyWeights(x, k + 1, WeightSource.Float32(materialised), transposed, transposed ? bias : [], alpha, expected, m, n, k);
            Values.OnEveryKernel((workers, name) =>
            {
                Gemm.MultiplyWeights(workers, x, k + 1, WeightSource.Float32(materialised), transposed, transposed ? bias : [], alpha, dense, m, n, k);
                var y = Values.Guarded(m * n);
                var weights = tracked.Over(WeightSource.Zero((long)n * k));
                Gemm.MultiplyWeights(workers, x, k + 1, weights, transposed, transposed ? bias : [], alpha, Values.Inside(y), m, n, k);
                Values.EqualGuarded(expected, y, $"{name} transposed {transposed}");
                Values.EqualGuarded(dense, y, $"{name} transposed {transposed}, dense kernel");
            });
        }
    }

    [Fact]
    public void NothingTrackedGivesTheBias()
    {
        using var workers = new Workers(2);
        float[] bias = [1, 2, 3], y = new float[12];
        foreach (var transposed in (bool[])[false, true])
        {
            Gemm.MultiplyWeights(workers, Values.Normal(20, 1), 5, WeightSource.Zero(15), transposed, bias, 2, y, 4, 3, 5);
            for (var i = 0; i < y.Length; i++) Assert.Equal(bias[i % 3], y[i]);
        }
    }

    [Fact]
    public void DenseAndSparseAgreeOnBothSidesOfTheCrossover()
    {
        const int M = 12, N = 60, K = 50;
        var x = Values.Normal(M * K, 1);
        using var workers = new Workers(2);
        foreach (var every in (int[])[2, 3, 4, 5, 6])
        {
            var tracked = new Tracked(N * K, every, 5);
            float[] expected = new float[M * N], y = new float[M * N];
            Reference.MultiplyWeights(x, K, tracked.Over(WeightSource.Zero(N * K)), true, [], 1, expected, M, N, K);
            Gemm.MultiplyWeights(workers, x, K, tracked.Over(WeightSource.Zero(N * K)), true, [], 1, y, M, N, K);
            Values.Equal(expected, y, $"one in {every}");
        }
    }

    [Fact]
    public void ProductsAllocateNothing()
    {
        var x = Values.Normal(32 * 300, 1);
        var tracked = new Tracked(300 * 200, 50, 2);
        var y = new float[32 * 300];
        using var workers = new Workers(1);
        Assert.Equal(0, Values.Allocated(() => Gemm.MultiplyWeights(workers, x, 300, tracked.Over(WeightSource.Zero(60_000)), true, [], 1, y, 32, 200, 300)));
        Assert.Equal(0, Values.Allocated(() => Gemm.MultiplyWeights(workers, x, 200, tracked.Over(WeightSource.Zero(60_000)), false, [], 1, y, 32, 300, 200)));
    }
}
