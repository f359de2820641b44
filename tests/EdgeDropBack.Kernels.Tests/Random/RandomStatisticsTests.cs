namespace EdgeDropBack.Kernels.Tests;

/// <summary>Regenerated values behave as independent samples: every statistic is within five of its standard deviations.</summary>
public sealed class RandomStatisticsTests
{
    const int Count = 1 << 18;
    const double Deviations = 5;

    /// <summary>Kurtosis of the centred sum of four bytes: 3 - 6/20 (256^2 + 1) / (256^2 - 1).</summary>
    const double NormalKurtosis = 3 - 0.3 * 65537 / 65535, UniformKurtosis = 1.8;

    public static TheoryData<uint, uint, Distribution> Streams
    {
        get
        {
            var streams = new TheoryData<uint, uint, Distribution>();
            foreach (var seed in (uint[])[0, 1, 2, 7, 1u << 31, uint.MaxValue])
                foreach (var tensor in (uint[])[0, 1, 64, uint.MaxValue])
                    foreach (var distribution in (Distribution[])[Distribution.Normal, Distribution.Uniform]) streams.Add(seed, tensor, distribution);
            return streams;
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void MomentsAreThoseOfTheDistribution(uint seed, uint tensor, Distribution distribution)
    {
        var values = Standardised(seed, tensor, distribution);
        var kurtosis = distribution == Distribution.Normal ? NormalKurtosis : UniformKurtosis;
        var (mean, variance) = (values.Average(), values.Average(v => v * v));
        Assert.InRange(mean, -Deviations / Math.Sqrt(Count), Deviations / Math.Sqrt(Count));
        Near(1, variance, Math.Sqrt((kurtosis - 1) / Count));
        Near(0, values.Average(v => v * v * v), Math.Sqrt(15.0 / Count));
        Near(kurtosis, values.Average(v => v * v * v * v) / (variance * variance), Math.Sqrt(24.0 / Count));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void NeighboursAreUncorrelated(uint seed, uint tensor, Distribution distribution)
    {
        var values = Standardised(seed, tensor, distribution);
        foreach (var lag in (int[])[1, 2, 3, 8, 9, 16, 27, 256, 784, 1024, 4096, 65536])
        {
            var sum = 0.0;
            for (var i = lag; i < Count; i++) sum += values[i] * values[i - lag];
            Near(0, sum / (Count - lag), 1 / Math.Sqrt(Count - lag));
        }
    }

    /// <summary>The squared correlation of neighbouring rows is chi-square with one degree of freedom over the row's length.</summary>
    [Theory]
    [MemberData(nameof(Streams))]
    public void RowsAreUncorrelated(uint seed, uint tensor, Distribution distribution)
    {
        var values = Standardised(seed, tensor, distribution);
        foreach (var length in (int[])[100, 256, 784, 1024, 1152])
        {
            var pairs = Count / length - 1;
            var sum = 0.0;
            for (var row = 0; row < pairs; row++)
            {
                var product = 0.0;
                for (var i = row * length; i < (row + 1) * length; i++) product += values[i] * values[i + length];
                sum += product * product / length;
            }
            Near(1, sum / pairs, Math.Sqrt(2.0 / pairs));
        }
    }

    [Theory]
    [InlineData(1u, 0u, 1u, 1u)]
    [InlineData(1u, 0u, 2u, 0u)]
    [InlineData(1u, 1u, 2u, 2u)]
    [InlineData(0u, 0u, 1u << 31, 0u)]
    [InlineData(5u, 0u, 5u, 1u << 31)]
    public void StreamsAreUncorrelated(uint seedA, uint tensorA, uint seedB, uint tensorB)
    {
        double[] a = Standardised(seedA, tensorA, Distribution.Normal), b = Standardised(seedB, tensorB, Distribution.Normal);
        foreach (var shift in (int[])[0, 1, 2, 784])
            Near(0, Enumerable.Range(0, Count - shift).Average(i => a[i] * b[i + shift]), 1 / Math.Sqrt(Count - shift));
    }

    static double[] Standardised(uint seed, uint tensor, Distribution distribution)
    {
        var values = new float[Count];
        IndexedRandom.Fill(new RegeneratedBase(seed, tensor, distribution == Distribution.Uniform ? MathF.Sqrt(3) : 1, distribution), 0, values);
        return [.. values.Select(v => (double)v)];
    }

    static void Near(double expected, double actual, double deviation)
        => Assert.InRange(actual, expected - Deviations * deviation, expected + Deviations * deviation);
}
