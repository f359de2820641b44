namespace EdgeDropBack.Kernels.Tests;

public sealed class RowAndGroupNormTests
{
    const float Epsilon = 1e-3f;
    const double Step = 1e-5;

    /// <summary>Compares gradients with central differences of sum(dy f(values)).</summary>
    static void Differences(double[] values, Func<double[]> function, float[] dy, ReadOnlySpan<float> gradient)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double kept = values[i];
            values[i] = kept + Step;
            double above = Loss();
            values[i] = kept - Step;
            double slope = (above - Loss()) / (2 * Step);
            values[i] = kept;
            Assert.True(Math.Abs(slope - gradient[i]) < 1e-4 * Math.Max(1, Math.Abs(slope)), $"gradient {i} is {gradient[i]:R}, wanted {slope:R}");
        }

        double Loss() => function().Zip(dy, (a, b) => a * b).Sum();
    }

    static double[] Wide(float[] values) => Array.ConvertAll(values, v => (double)v);

    [Theory]
    [InlineData(3, 1, true)]
    [InlineData(2, 8, true)]
    [InlineData(4, 19, true)]
    [InlineData(4, 19, false)]
    [InlineData(1, 33, false)]
    public void RowsAreNormalizedWithGradients(int rows, int n, bool centred)
    {
        var samples = new Samples(71);
        float[] x = samples.Array(rows * n), dy = samples.Array(rows * n), gamma = samples.Array(n), beta = samples.Array(n);
        double[] x64 = Wide(x), g64 = Wide(gamma), b64 = Wide(beta);
        using Guarded y = new(x.Length), narrow = new(x.Length), means = new(rows), inverses = new(rows), dx = new(x.Length), dgamma = new(n), dbeta = new(n);
        using Guarded narrowDx = new(x.Length), narrowDgamma = new(n);
        if (centred)
        {
            LayerNorm.Forward(x, gamma, beta, Epsilon, y.Span, means.Span, inverses.Span, rows, n);
            LayerNorm.Backward(x, dy, gamma, means.Span, inverses.Span, dx.Span, dgamma.Span, dbeta.Span, rows, n);
        }
        else
        {
            RmsNorm.Forward(x, gamma, Epsilon, y.Span, inverses.Span, rows, n);
            RmsNorm.Backward(x, dy, gamma, inverses.Span, dx.Span, dgamma.Span, rows, n);
        }
        float[] kept = centred ? means.Span.ToArray() : [];
        RowNorm.ForwardWith<Lanes128x2>(x, gamma, centred ? beta : default, Epsilon, narrow.Span, (float[])kept.Clone(), new float[rows], rows, n);
        Samples.AssertSame(y.Span, narrow.Span, "widths");
        RowNorm.BackwardWith<Lanes128x2>(x, dy, gamma, kept, inverses.Span, narrowDx.Span, narrowDgamma.Span, default, rows, n);
        Samples.AssertSame(dx.Span, narrowDx.Span, "widths");
        Samples.AssertSame(dgamma.Span, narrowDgamma.Span, "widths");
        double[] wanted = Exact();
        for (int i = 0; i < x.Length; i++) Assert.Equal(wanted[i], y.Span[i], 1e-5);
        Differences(x64, Exact, dy, dx.Span);
        Differences(g64, Exact, dy, dgamma.Span);
        if (centred) Differences(b64, Exact, dy, dbeta.Span);

        double[] Exact()
        {
            var result = new double[rows * n];
            for (int r = 0; r < rows; r++)
            {
                var row = x64.AsSpan(r * n, n).ToArray();
                double mean = centred ? row.Average() : 0, variance = row.Average(v => (v - mean) * (v - mean));
                for (int i = 0; i < n; i++) result[(r * n) + i] = ((row[i] - mean) / Math.Sqrt(variance + Epsilon) * g64[i]) + (centred ? b64[i] : 0);
            }
            return result;
        }
    }

    [Theory]
    [InlineData(2, 6, 5, 1)]
    [InlineData(2, 6, 9, 3)]
    [InlineData(3, 4, 17, 4)]
    public void GroupsAreNormalizedWithGradients(int batch, int channels, int space, int groups)
    {
        var samples = new Samples(72);
        int count = batch * channels * space, size = channels / groups * space;
        float[] x = samples.Array(count), dy = samples.Array(count), gamma = samples.Array(channels), beta = samples.Array(channels);
        double[] x64 = Wide(x), g64 = Wide(gamma), b64 = Wide(beta);
        float[] means = new float[batch * groups], inverses = new float[batch * groups];
        using Guarded y = new(count), narrow = new(count), dx = new(count), narrowDx = new(count), dgamma = new(channels), dbeta = new(channels);
        GroupNorm.Forward(x, gamma, beta, Epsilon, y.Span, means, inverses, batch, channels, space, groups);
        GroupNorm.ForwardWith<Lanes128x2>(x, gamma, beta, Epsilon, narrow.Span, means, inverses, batch, channels, space, groups);
        Samples.AssertSame(y.Span, narrow.Span, "widths");
        GroupNorm.Backward(x, dy, gamma, means, inverses, dx.Span, dgamma.Span, dbeta.Span, batch, channels, space, groups);
        GroupNorm.BackwardWith<Lanes128x2>(x, dy, gamma, means, inverses, narrowDx.Span, default, default, batch, channels, space, groups);
        Samples.AssertSame(dx.Span, narrowDx.Span, "widths");
        double[] wanted = Exact();
        for (int i = 0; i < count; i++) Assert.Equal(wanted[i], y.Span[i], 1e-5);
        Differences(x64, Exact, dy, dx.Span);
        Differences(g64, Exact, dy, dgamma.Span);
        Differences(b64, Exact, dy, dbeta.Span);

        double[] Exact()
        {
            var result = new double[count];
            for (int start = 0; start < count; start += size)
            {
                var group = x64.AsSpan(start, size).ToArray();
                double mean = group.Average(), variance = group.Average(v => (v - mean) * (v - mean));
                for (int i = start; i < start + size; i++)
                {
                    int c = i / space % channels;
                    result[i] = ((x64[i] - mean) / Math.Sqrt(variance + Epsilon) * g64[c]) + b64[c];
                }
            }
            return result;
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void LocalResponsesAreNormalizedWithGradients(int size)
    {
        const int Batch = 2, Channels = 6, Space = 3;
        var samples = new Samples(73);
        float[] x = samples.Array(36), dy = samples.Array(36), y = new float[36], scales = new float[36], dx = new float[36];
        double[] x64 = Wide(x);
        LocalResponseNorm.Forward(x, y, scales, size, 0.2f, 0.75f, 1.5f, Batch, Channels, Space);
        LocalResponseNorm.Backward(x, y, scales, dy, dx, size, 0.2f, 0.75f, Batch, Channels, Space);
        double[] wanted = Exact();
        for (int i = 0; i < 36; i++) Assert.Equal(wanted[i], y[i], 1e-5);
        Differences(x64, Exact, dy, dx);

        double[] Exact()
        {
            var result = new double[36];
            for (int i = 0; i < 36; i++)
            {
                int c = i / Space % Channels;
                double sum = 0;
                for (int k = Math.Max(0, c - ((size - 1) / 2)); k <= Math.Min(Channels - 1, c + size - 1 - ((size - 1) / 2)); k++)
                    sum += x64[i + ((k - c) * Space)] * x64[i + ((k - c) * Space)];
                result[i] = x64[i] / Math.Pow(1.5 + (0.2 / size * sum), 0.75);
            }
            return result;
        }
    }
}
