namespace EdgeDropBack.Kernels.Tests;

public sealed class BatchNormTests
{
    const float Epsilon = 1e-3f;

    [Fact]
    public void FrozenStatisticsGiveTheBitsOfTheReference()
    {
        int[] sizes = [1, 2, 7, 8, 9, 16, 31, 64];
        foreach (int channels in sizes)
        {
            foreach (int space in sizes)
            {
                Check<Lanes256>(3, channels, space);
                Check<Lanes128x2>(3, channels, space);
            }
        }
    }

    static void Check<T>(int batch, int channels, int space) where T : struct, ILanes<T>
    {
        var samples = new Samples((ulong)((channels * 100) + space));
        int count = batch * channels * space;
        float[] x = samples.Array(count), dy = samples.Array(count), gamma = samples.Array(channels), beta = samples.Array(channels);
        float[] mean = samples.Array(channels), variance = samples.Array(channels, 0.1f, 2f), y = new float[count], dx = new float[count];
        float[] dgamma = new float[channels], dbeta = new float[channels];
        Reference.BatchNorm(x, gamma, beta, mean, variance, Epsilon, y, batch, channels, space);
        Reference.BatchNormBackward(x, dy, gamma, mean, variance, Epsilon, dx, dgamma, dbeta, batch, channels, space);
        string what = $"{typeof(T).Name} {channels}x{space}";
        using Guarded output = new(count), fdx = new(count), fdgamma = new(channels), fdbeta = new(channels), sums = new(channels);
        BatchNorm.ForwardWith<T>(x, gamma, beta, mean, variance, Epsilon, output.Span, batch, channels, space);
        Samples.AssertSame(y, output.Span, what);
        x.CopyTo(output.Span);
        BatchNorm.ForwardWith<T>(output.Span, gamma, beta, mean, variance, Epsilon, output.Span, batch, channels, space);
        Samples.AssertSame(y, output.Span, what);
        BatchNorm.Backward(x, default, dy, gamma, mean, variance, Epsilon, fdx.Span, fdgamma.Span, fdbeta.Span, batch, channels, space);
        Samples.AssertSame(dx, fdx.Span, what);
        Samples.AssertSame(dgamma, fdgamma.Span, what);
        Samples.AssertSame(dbeta, fdbeta.Span, what);
        x.CopyTo(output.Span);
        dy.CopyTo(fdx.Span);
        (fdgamma.Span[0], fdbeta.Span[0]) = (float.NaN, float.NaN);
        BatchNorm.Backward(output.Span, default, fdx.Span, gamma, mean, variance, Epsilon, fdx.Span, fdgamma.Span, fdbeta.Span, batch, channels, space);
        Samples.AssertSame(dx, fdx.Span, what);
        Samples.AssertSame(dgamma, fdgamma.Span, what);
        Samples.AssertSame(dbeta, fdbeta.Span, what);
        if (space > 1)
        {
            fdgamma.Span.Clear();
            BatchNorm.BackwardPlanes<T>(x, default, dy, gamma, mean, variance, Epsilon, fdx.Span, fdgamma.Span, default, batch, channels, space, 0, channels);
            for (int c = 0; c < channels; c++) fdgamma.Span[c] /= MathF.Sqrt(variance[c] + Epsilon);
            Samples.AssertSame(dx, fdx.Span, what);
            Samples.AssertSame(dgamma, fdgamma.Span, what);
        }
        BatchNorm.CenteredSumsWith<T>(x, dy, mean, sums.Span, batch, channels, space);
        for (int c = 0; c < channels; c++) sums.Span[c] /= MathF.Sqrt(variance[c] + Epsilon);
        Samples.AssertSame(dgamma, sums.Span, what);
    }

    [Theory]
    [InlineData(3, 5, 1)]
    [InlineData(2, 3, 7)]
    [InlineData(2, 9, 64)]
    [InlineData(4, 2, 31)]
    [InlineData(5, 7, 1021)]
    public void RectifiedItGivesTheBitsOfReluBehindIt(int batch, int channels, int space)
    {
        var samples = new Samples((ulong)((channels * 100) + space));
        int count = batch * channels * space;
        float[] x = samples.Array(count), dy = samples.Array(count), gamma = samples.Array(channels), beta = samples.Array(channels);
        float[] mean = samples.Array(channels), variance = samples.Array(channels, 0.1f, 2f), y = new float[count], masked = new float[count];
        float[] dx = new float[count], dgamma = new float[channels], dbeta = new float[channels];
        (x[0], dy[count - 1]) = (float.NaN, float.NaN);
        BatchNorm.Forward(x, gamma, beta, mean, variance, Epsilon, y, batch, channels, space);
        Elementwise.Unary(UnaryKind.Relu, y, y);
        Elementwise.UnaryBackward(UnaryKind.Relu, default, y, dy, masked);
        BatchNorm.Backward(x, default, masked, gamma, mean, variance, Epsilon, dx, dgamma, dbeta, batch, channels, space);

        using Guarded output = new(count), fdx = new(count), fdgamma = new(channels), fdbeta = new(channels);
        using var workers = new Workers(2);
        BatchNorm.Forward(workers, x, gamma, beta, mean, variance, Epsilon, output.Span, batch, channels, space, rectified: true);
        Samples.AssertSame(y, output.Span, "forward");
        dy.CopyTo(fdx.Span);
        BatchNorm.Backward(workers, x, y, fdx.Span, gamma, mean, variance, Epsilon, fdx.Span, fdgamma.Span, fdbeta.Span, batch, channels, space);
        Samples.AssertSame(dx, fdx.Span, "dx");
        Samples.AssertSame(dgamma, fdgamma.Span, "dgamma");
        Samples.AssertSame(dbeta, fdbeta.Span, "dbeta");
        BatchNorm.ForwardWith<Lanes128x2>(x, gamma, beta, mean, variance, Epsilon, output.Span, batch, channels, space, rectified: true);
        Samples.AssertSame(y, output.Span, "forward in two halves");
        if (space == 1) return;
        fdbeta.Span.Clear();
        BatchNorm.BackwardPlanes<Lanes128x2>(x, y, dy, gamma, mean, variance, Epsilon, fdx.Span, default, fdbeta.Span, batch, channels, space, 0, channels);
        Samples.AssertSame(dx, fdx.Span, "dx in two halves");
        Samples.AssertSame(dbeta, fdbeta.Span, "dbeta in two halves");
    }

    [Theory]
    [InlineData(4, 3, 1)]
    [InlineData(3, 2, 13)]
    [InlineData(1, 5, 9)]
    public void TrainingGradientsAreCentralDifferencesInDouble(int batch, int channels, int space)
    {
        const double Step = 1e-5;
        var samples = new Samples(8);
        int count = batch * channels * space;
        float[] x = samples.Array(count), dy = samples.Array(count), gamma = samples.Array(channels), beta = samples.Array(channels);
        float[] mean = new float[channels], variance = new float[channels], y = new float[count], dx = new float[count];
        float[] dgamma = new float[channels], dbeta = new float[channels];
        BatchNorm.ForwardTraining(x, gamma, beta, mean, variance, Epsilon, y, batch, channels, space);
        BatchNorm.BackwardTraining(x, dy, gamma, mean, variance, Epsilon, dx, dgamma, dbeta, batch, channels, space);
        double[] dx64 = Array.ConvertAll(x, v => (double)v), g64 = Array.ConvertAll(gamma, v => (double)v), b64 = Array.ConvertAll(beta, v => (double)v);
        double[] wanted = Exact(dx64, g64, b64);
        for (int i = 0; i < count; i++) Assert.Equal(wanted[i], y[i], 1e-5);
        Differences(dx64, dx);
        Differences(g64, dgamma);
        Differences(b64, dbeta);

        void Differences(double[] values, float[] gradient)
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
        }

        double Loss()
        {
            var result = Exact(dx64, g64, b64);
            double sum = 0;
            for (int i = 0; i < count; i++) sum += result[i] * dy[i];
            return sum;
        }

        double[] Exact(double[] input, double[] g, double[] b)
        {
            var result = new double[count];
            for (int c = 0; c < channels; c++)
            {
                int[] own = [.. Enumerable.Range(0, count).Where(i => i / space % channels == c)];
                double m = own.Average(i => input[i]), v = own.Average(i => (input[i] - m) * (input[i] - m));
                foreach (int i in own) result[i] = ((input[i] - m) / Math.Sqrt(v + Epsilon) * g[c]) + b[c];
            }
            return result;
        }
    }

    [Fact]
    public void WidthsAgreeInTraining()
    {
        var samples = new Samples(9);
        float[] x = samples.Array(2 * 3 * 21), dy = samples.Array(x.Length), gamma = samples.Array(3), mean = samples.Array(3);
        float[] wide = new float[3], narrow = new float[3], wideDx = new float[x.Length], narrowDx = new float[x.Length];
        BatchNorm.VariancesWith<Lanes256>(x, mean, wide, 2, 3, 21);
        BatchNorm.VariancesWith<Lanes128x2>(x, mean, narrow, 2, 3, 21);
        Samples.AssertSame(wide, narrow, "variance");
        BatchNorm.CenterWith<Lanes256>(x, dy, gamma, mean, wide, Epsilon, wideDx, gamma, mean, 2, 3, 21);
        BatchNorm.CenterWith<Lanes128x2>(x, dy, gamma, mean, wide, Epsilon, narrowDx, gamma, mean, 2, 3, 21);
        Samples.AssertSame(wideDx, narrowDx, "dx");
    }

    [Fact]
    public void RunningStatisticsKeepTheShareThatMomentumNames()
    {
        float[] mean = [1f], variance = [2f];
        BatchNorm.UpdateRunning(mean, variance, [3f], [6f], 0.75f);
        Assert.Equal((1.5f, 3f), (mean[0], variance[0]));
    }
}
