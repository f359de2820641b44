namespace EdgeDropBack.Kernels.Tests;

[Collection(KernelsCollection.Name)]
public sealed class GemmTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 2, 3, 4 }, { 6, 16, 8 }, { 7, 17, 9 }, { 5, 10, 0 }, { 3, 0, 5 }, { 0, 4, 5 }, { 13, 33, 255 }, { 12, 32, 256 },
        { 11, 31, 257 }, { 97, 257, 30 }, { 96, 256, 12 }, { 100, 300, 3 }, { 191, 40, 70 }, { 1, 300, 520 }, { 32, 10, 600 }, { 32, 491, 300 }, { 30, 50, 65 },
        { 16, 485, 0 }, { 61, 7, 513 }, { 300, 40, 1400 }, { 16, 30, 1100 }, { 32, 485, 1030 },
        { 200, 128, 300 }, { 198, 70, 1024 }, { 200, 64, 1030 }, { 204, 192, 256 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MultiplyEqualsTheReference(int m, int n, int k)
    {
        float[] a = Values.Special(m * (k + 3), 1), b = Values.Normal(k * (n + 2), 2), expected = new float[m * n];
        Reference.Multiply(a, k + 3, 1, b, n + 2, 1, expected, n, m, n, k);
        Values.OnEveryKernel((workers, name) =>
        {
            var c = Values.Guarded(m * n);
            Gemm.Multiply(workers, a, k + 3, 1, b, n + 2, 1, Values.Inside(c), n, m, n, k);
            Values.SameGuarded(expected, c, name);
        });
    }

    [Theory]
    [InlineData(1, 20, 30, 1)]
    [InlineData(25, 1, 1, 40)]
    [InlineData(1, 20, 1, 40)]
    [InlineData(50, 2, 3, 200)]
    public void AnyStridesEqualTheReference(int aRow, int aColumn, int bRow, int bColumn)
    {
        const int M = 19, N = 27, K = 21;
        float[] a = Values.Normal(3000, 1), b = Values.Normal(9000, 2), expected = new float[M * N];
        Reference.Multiply(a, aRow, aColumn, b, bRow, bColumn, expected, N, M, N, K);
        Values.OnEveryKernel((workers, name) =>
        {
            var c = Values.Guarded(M * N);
            Gemm.Multiply(workers, a, aRow, aColumn, b, bRow, bColumn, Values.Inside(c), N, M, N, K);
            Values.SameGuarded(expected, c, name);
        });
    }

    [Theory]
    [InlineData(19, 27, 300)]
    [InlineData(100, 260, 5)]
    [InlineData(4, 4, 0)]
    public void AccumulatingGoesOnFromC(int m, int n, int k)
    {
        float[] a = Values.Normal(m * k, 1), b = Values.Normal(k * n, 2), start = Values.Special(m * n, 3);
        var expected = start.ToArray();
        Reference.Multiply(a, k, 1, b, n, 1, expected, n, m, n, k, accumulate: true);
        Values.OnEveryKernel((workers, name) =>
        {
            var c = Values.Guarded(m * n);
            start.CopyTo(Values.Inside(c));
            Gemm.Multiply(workers, a, k, 1, b, n, 1, Values.Inside(c), n, m, n, k, accumulate: true);
            Values.SameGuarded(expected, c, name);
        });
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(1000)]
    [InlineData(2048)]
    public void EveryDepthOfBlocksGivesTheSameBits(int blockDepth)
    {
        const int M = 40, N = 70, K = 2048;
        float[] a = Values.Normal(M * K, 1), b = Values.Normal(K * N, 2), expected = new float[M * N];
        Reference.Multiply(a, K, 1, b, N, 1, expected, N, M, N, K);
        Values.OnEveryKernel((workers, name) =>
        {
            var c = Values.Guarded(M * N);
            for (var start = 0; start < K; start += blockDepth)
                Gemm.Multiply(workers, a.AsSpan(start), K, 1, b.AsSpan(start * N), N, 1, Values.Inside(c), N, M, N, Math.Min(blockDepth, K - start),
                    accumulate: start > 0);
            Values.SameGuarded(expected, c, name);
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MultiplyWeightsEqualsTheReferenceForEveryDenseBaseAndOrientation(int m, int n, int k)
    {
        var x = Values.Special(m * (k + 1), 1);
        var bias = Values.Normal(n, 4);
        var tracked = new Tracked((long)n * k, 20, 5);
        foreach (var kind in Enum.GetValues<BaseKind>().Where(kind => kind != BaseKind.Zero))
        {
            var transposed = (int)kind % 2 == 0;
            foreach (var orientation in (bool[])[transposed, !transposed])
            {
                var alpha = orientation ? 1 : 0.3f;
                var y0 = new float[m * n];
                var source = tracked.Over(Tracked.Source(kind, (long)n * k, 6));
                Reference.MultiplyWeights(x, k + 1, source, orientation, orientation ? bias : [], alpha, y0, m, n, k);
                Values.OnEveryKernel((workers, name) =>
                {
                    var weights = tracked.Over(Tracked.Source(kind, (long)n * k, 6));
                    var y = Values.Guarded(m * n);
                    Gemm.MultiplyWeights(workers, x, k + 1, weights, orientation, orientation ? bias : [], alpha, Values.Inside(y), m, n, k);
                    Values.SameGuarded(y0, y, $"{name} {kind} {orientation}");
                });
            }
        }
    }

    [Fact]
    public void OneRowAloneAndWithinABatchGiveTheSameBits()
    {
        const int N = 130, K = 300;
        float[] x = Values.Normal(2 * K, 1), weights = Values.Normal(N * K, 2), one = new float[N], two = new float[2 * N];
        using var workers = new Workers(2);
        foreach (var transposed in (bool[])[false, true])
        {
            Gemm.MultiplyWeights(workers, x, K, WeightSource.Float32(weights), transposed, [], 1, one, 1, N, K);
            Gemm.MultiplyWeights(workers, x, K, WeightSource.Float32(weights), transposed, [], 1, two, 2, N, K);
            Values.Same(two.AsSpan(0, N), one, $"transposed {transposed}");
        }
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefused()
    {
        using var workers = new Workers(1);
        var ten = new float[10];
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(workers, ten, 4, 1, ten, 2, 1, ten, 2, 3, 2, 4));
        Assert.Throws<ArgumentException>(() => Gemm.MultiplyWeights(workers, ten, 5, WeightSource.Zero(11), true, [], 1, ten, 2, 2, 5));
        Assert.Throws<ArgumentException>(() => Gemm.MultiplyWeights(workers, ten, 5, WeightSource.Zero(10), true, ten.AsSpan(0, 3), 1, ten, 2, 2, 5));
    }
}
