namespace EdgeDropBack.Kernels.Tests;

public sealed class IndexedRandomTests
{
    [Theory]
    [InlineData(Distribution.Normal)]
    [InlineData(Distribution.Uniform)]
    public void VectorAndScalarGiveTheSameBits(Distribution distribution)
    {
        var parameters = new RegeneratedBase(42, 3, 0.05f, distribution);
        foreach (var start in (long[])[0, 1, 5, (1L << 32) - 20, 1L << 32, (3L << 32) + 7])
        {
            for (var count = 0; count <= 70; count++)
            {
                var filled = Values.Guarded(count);
                IndexedRandom.Fill(parameters, start, Values.Inside(filled));
                var expected = new float[count];
                for (var i = 0; i < count; i++)
                    expected[i] = IndexedRandom.Value(parameters, start + i);
                Values.SameGuarded(expected, filled, $"{start}+{count}");
            }
        }
    }

    [Fact]
    public void BitsAreFixedForEver()
    {
        Assert.Equal(
            [839845136u],
            [IndexedRandom.Hash(1, 2, 3)]);
    }

    [Theory]
    [InlineData(Distribution.Normal, 1)]
    [InlineData(Distribution.Uniform, 0.57735026)]
    public void MomentsMatchTheDistribution(Distribution distribution, double deviation)
    {
        const int Count = 1 << 18;
        var values = new float[Count];
        IndexedRandom.Fill(new RegeneratedBase(7, 0, 1, distribution), 0, values);
        var mean = values.Sum(v => (double)v) / Count;
        var variance = values.Sum(v => (double)v * v) / Count - mean * mean;
        Assert.InRange(mean, -0.01, 0.01);
        Assert.InRange(Math.Sqrt(variance), deviation * 0.99, deviation * 1.01);
    }

    [Theory]
    [InlineData(7, 0, 7, 1, 0)]
    [InlineData(7, 0, 8, 0, 0)]
    [InlineData(7, 0, 7, 0, 1)]
    [InlineData(7, 0, 7, 0, 1024)]
    public void StreamsSeedsAndLagsAreUncorrelated(uint seedA, uint tensorA, uint seedB, uint tensorB, int lag)
    {
        const int Count = 1 << 16;
        float[] a = new float[Count], b = new float[Count];
        IndexedRandom.Fill(new RegeneratedBase(seedA, tensorA, 1, Distribution.Normal), 0, a);
        IndexedRandom.Fill(new RegeneratedBase(seedB, tensorB, 1, Distribution.Normal), lag, b);
        var correlation = a.Zip(b, (x, y) => (double)x * y).Sum() / Count;
        Assert.InRange(correlation, -0.02, 0.02);
    }
}
