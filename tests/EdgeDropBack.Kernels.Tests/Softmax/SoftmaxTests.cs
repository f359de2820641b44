namespace EdgeDropBack.Kernels.Tests;

public sealed class SoftmaxTests
{
    [Fact]
    public void RowsHaveTheBitsOfTheReference()
    {
        for (int n = 0; n <= 256; n++)
        {
            var samples = new Samples((ulong)n);
            foreach (float[] x in new[] { samples.Array(2 * n, -20f, 20f), samples.Mixed(2 * n) })
            {
                float[] wanted = new float[2 * n];
                Reference.Softmax(x, wanted, 2, n);
                using Guarded wide = new(2 * n), narrow = new(2 * n);
                Softmax.ForwardWith<Lanes256>(x, wide.Span, 2, n, 1);
                x.CopyTo(narrow.Span);
                Softmax.ForwardWith<Lanes128x2>(narrow.Span, narrow.Span, 2, n, 1);
                Samples.AssertSame(wanted, wide.Span, $"softmax {n}");
                Samples.AssertSame(wanted, narrow.Span, $"softmax {n} in place");
            }
        }
    }

    [Theory]
    [InlineData(3, 5, 1)]
    [InlineData(2, 17, 1)]
    [InlineData(2, 4, 11)]
    [InlineData(1, 3, 8)]
    public void GradientsAreCentralDifferencesInDouble(int outer, int n, int inner)
    {
        const double Step = 1e-5;
        int count = outer * n * inner;
        var samples = new Samples(31);
        float[] x = samples.Array(count), dy = samples.Array(count);
        double[] x64 = Array.ConvertAll(x, v => (double)v);
        foreach (bool log in new[] { false, true })
        {
            using Guarded y = new(count), dx = new(count), narrowY = new(count), narrowDx = new(count);
            if (log)
            {
                LogSoftmax.ForwardWith<Lanes256>(x, y.Span, outer, n, inner);
                LogSoftmax.ForwardWith<Lanes128x2>(x, narrowY.Span, outer, n, inner);
                LogSoftmax.BackwardWith<Lanes256>(y.Span, dy, dx.Span, outer, n, inner);
                dy.CopyTo(narrowDx.Span);
                LogSoftmax.BackwardWith<Lanes128x2>(y.Span, narrowDx.Span, narrowDx.Span, outer, n, inner);
            }
            else
            {
                Softmax.ForwardWith<Lanes256>(x, y.Span, outer, n, inner);
                Softmax.ForwardWith<Lanes128x2>(x, narrowY.Span, outer, n, inner);
                Softmax.BackwardWith<Lanes256>(y.Span, dy, dx.Span, outer, n, inner);
                dy.CopyTo(narrowDx.Span);
                Softmax.BackwardWith<Lanes128x2>(y.Span, narrowDx.Span, narrowDx.Span, outer, n, inner);
            }
            Samples.AssertSame(y.Span, narrowY.Span, "widths");
            Samples.AssertSame(dx.Span, narrowDx.Span, "widths, in place");
            double[] wanted = Exact(log);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(wanted[i], y.Span[i], 2e-6);
                double kept = x64[i];
                x64[i] = kept + Step;
                double above = Loss(log);
                x64[i] = kept - Step;
                double slope = (above - Loss(log)) / (2 * Step);
                x64[i] = kept;
                Assert.Equal(slope, dx.Span[i], 1e-5);
            }
        }

        double Loss(bool log) => Exact(log).Zip(dy, (a, b) => a * b).Sum();

        double[] Exact(bool log)
        {
            var result = new double[count];
            for (int line = 0; line < outer * inner; line++)
            {
                int start = (line / inner * n * inner) + (line % inner);
                double sum = Enumerable.Range(0, n).Sum(k => Math.Exp(x64[start + (k * inner)]));
                for (int k = 0; k < n; k++)
                {
                    double p = Math.Exp(x64[start + (k * inner)]) / sum;
                    result[start + (k * inner)] = log ? Math.Log(p) : p;
                }
            }
            return result;
        }
    }
}
