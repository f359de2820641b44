namespace EdgeDropBack.Kernels.Tests;

public sealed class PoolingTests
{
    static PoolShape Random(Samples samples)
    {
        int kernelHeight = 1 + samples.NextInt(3), kernelWidth = 1 + samples.NextInt(4), dilation = 1 + samples.NextInt(2);
        return new PoolShape
        {
            Batch = 1 + samples.NextInt(2),
            Channels = 1 + samples.NextInt(3),
            InHeight = 6 + samples.NextInt(7),
            InWidth = 8 + samples.NextInt(9),
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            StrideHeight = 1 + samples.NextInt(3),
            StrideWidth = 1 + samples.NextInt(3),
            PadTop = samples.NextInt(kernelHeight),
            PadBottom = samples.NextInt(kernelHeight),
            PadLeft = samples.NextInt(kernelWidth),
            PadRight = samples.NextInt(kernelWidth),
            DilationHeight = dilation,
            DilationWidth = dilation,
            CeilMode = samples.NextInt(2) == 0,
            CountIncludePad = samples.NextInt(2) == 0,
        };
    }

    static (int Input, int Output) Counts(in PoolShape s) => (s.Planes * s.InPlane, s.Planes * s.OutPlane);

    /// <summary>Calls visit(output, input) for every pair under a window, outputs and taps in order.</summary>
    static void Taps(PoolShape s, Action<int, int> visit)
    {
        for (int plane = 0, o = 0; plane < s.Planes; plane++)
        {
            for (int oy = 0; oy < s.OutHeight; oy++)
            {
                for (int ox = 0; ox < s.OutWidth; ox++, o++)
                {
                    for (int tap = 0; tap < s.KernelHeight * s.KernelWidth; tap++)
                    {
                        int iy = (oy * s.StrideHeight) - s.PadTop + (tap / s.KernelWidth * s.DilationHeight);
                        int ix = (ox * s.StrideWidth) - s.PadLeft + (tap % s.KernelWidth * s.DilationWidth);
                        if (iy >= 0 && iy < s.InHeight && ix >= 0 && ix < s.InWidth) visit(o, (((plane * s.InHeight) + iy) * s.InWidth) + ix);
                    }
                }
            }
        }
    }

    [Fact]
    public void MaximumIsTheFirstLargestTapAndItsGradientGoesThere()
    {
        for (int trial = 0; trial < 300; trial++)
        {
            var samples = new Samples((ulong)trial);
            var shape = Random(samples);
            var (inputs, outputs) = Counts(shape);
            float[] x = samples.Mixed(inputs), dy = samples.Array(outputs), dx = new float[inputs], wanted = new float[outputs];
            int[] winners = new int[outputs];
            Array.Fill(wanted, float.NegativeInfinity);
            Array.Fill(winners, -1);
            Taps(shape, (o, i) =>
            {
                if (winners[o] >= 0 && !(x[i] > x[winners[o]] || (float.IsNaN(x[i]) && !float.IsNaN(x[winners[o]])))) return;
                winners[o] = i;
                wanted[o] = x[i];
            });
            using Guarded y = new(outputs), bare = new(outputs), gradient = new(inputs);
            int[] argmax = new int[outputs];
            MaxPool.Forward(x, y.Span, argmax, shape);
            MaxPool.Forward(x, bare.Span, default, shape);
            Samples.AssertSame(wanted, y.Span, shape.ToString());
            Samples.AssertSame(wanted, bare.Span, shape.ToString());
            for (int o = 0; o < outputs; o++)
            {
                int plane = o / shape.OutPlane * shape.InPlane;
                Assert.Equal(winners[o] < 0 ? -1 : winners[o] - plane, argmax[o]);
                if (winners[o] >= 0) dx[winners[o]] += dy[o];
            }
            MaxPool.Backward(dy, argmax, gradient.Span, shape);
            Samples.AssertSame(dx, gradient.Span, shape.ToString());
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(28, 28)]
    [InlineData(9, 11)]
    [InlineData(6, 8)]
    [InlineData(5, 23)]
    public void TwoByTwoHasTheWinnersOfTheReference(int height, int width)
    {
        var shape = new PoolShape { Batch = 2, Channels = 3, InHeight = height, InWidth = width, KernelHeight = 2, KernelWidth = 2, StrideHeight = 2, StrideWidth = 2 };
        for (int trial = 0; trial < 20; trial++)
        {
            float[] x = new Samples((ulong)trial).Mixed(shape.Planes * shape.InPlane), y = new float[shape.OutPlane];
            int[] argmax = new int[shape.OutPlane], fastArgmax = new int[shape.Planes * shape.OutPlane];
            using var fast = new Guarded(shape.Planes * shape.OutPlane);
            MaxPool.Forward(x, fast.Span, fastArgmax, shape);
            for (int plane = 0; plane < shape.Planes; plane++)
            {
                MaxPool.ForwardPlane(x.AsSpan(plane * shape.InPlane, shape.InPlane), y, argmax, shape);
                Samples.AssertSame(y, fast.Span.Slice(plane * shape.OutPlane, shape.OutPlane), "2x2");
                Assert.Equal(argmax, fastArgmax.AsSpan(plane * shape.OutPlane, shape.OutPlane).ToArray());
            }
        }
    }

    [Fact]
    public void AverageIsTheMeanOfTheTapsAndItsGradientTheAdjoint()
    {
        for (int trial = 0; trial < 300; trial++)
        {
            var samples = new Samples((ulong)trial);
            var shape = Random(samples) with { CountIncludePad = trial % 2 == 0 };
            var (inputs, outputs) = Counts(shape);
            float[] x = samples.Array(inputs), dy = samples.Array(outputs);
            double[] sums = new double[outputs], dx = new double[inputs];
            int[] counts = new int[outputs];
            Taps(shape, (o, i) =>
            {
                sums[o] += x[i];
                counts[o]++;
            });
            for (int o = 0; o < outputs && shape.CountIncludePad; o++)
            {
                int oy = o % shape.OutPlane / shape.OutWidth, ox = o % shape.OutWidth, count = 0;
                for (int tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
                {
                    int iy = (oy * shape.StrideHeight) - shape.PadTop + (tap / shape.KernelWidth * shape.DilationHeight);
                    int ix = (ox * shape.StrideWidth) - shape.PadLeft + (tap % shape.KernelWidth * shape.DilationWidth);
                    if (iy < shape.InHeight + shape.PadBottom && ix < shape.InWidth + shape.PadRight) count++;
                }
                counts[o] = count;
            }
            Taps(shape, (o, i) => dx[i] += dy[o] / (double)counts[o]);
            using Guarded y = new(outputs), gradient = new(inputs);
            AveragePool.Forward(x, y.Span, shape);
            AveragePool.Backward(dy, gradient.Span, shape);
            for (int o = 0; o < outputs; o++) Assert.Equal(sums[o] / Math.Max(counts[o], 1), y.Span[o], 1e-5);
            for (int i = 0; i < inputs; i++) Assert.Equal(dx[i], gradient.Span[i], 1e-5);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void LpPoolMatchesDoublePrecisionAndItsGradientScalesBack(int p)
    {
        for (int trial = 0; trial < 60; trial++)
        {
            var samples = new Samples((ulong)trial);
            var shape = Random(samples);
            var (inputs, outputs) = Counts(shape);
            float[] x = samples.Array(inputs), y = new float[outputs], dy = samples.Array(outputs), dx = new float[inputs];
            double[] sums = new double[outputs], wanted = new double[inputs];
            Taps(shape, (o, i) => sums[o] += Math.Pow(Math.Abs(x[i]), p));
            LpPool.Forward(x, y, p, shape);
            LpPool.Backward(x, y, dy, dx, p, shape);
            Taps(shape, (o, i) => wanted[i] += dy[o] * Math.Sign(x[i]) * Math.Pow(Math.Abs(x[i]) / Math.Pow(sums[o], 1.0 / p), p - 1));
            for (int o = 0; o < outputs; o++) Assert.Equal(Math.Pow(sums[o], 1.0 / p), y[o], 1e-4);
            for (int i = 0; i < inputs; i++) Assert.Equal(wanted[i], dx[i], 1e-4);
        }
    }

    [Fact]
    public void GlobalAverageIsOneRunPerPlane()
    {
        var shape = new PoolShape { Batch = 2, Channels = 3, InHeight = 7, InWidth = 7, KernelHeight = 7, KernelWidth = 7 };
        float[] x = new Samples(1).Array(6 * 49), y = new float[6];
        AveragePool.Forward(x, y, shape);
        for (int plane = 0; plane < 6; plane++) Assert.Equal(Reference.Sum8(x.AsSpan(plane * 49, 49)) / 49f, y[plane]);
    }

    [Fact]
    public void OutputSizesFollowOnnx()
    {
        var shape = new PoolShape { Batch = 1, Channels = 1, InHeight = 4, InWidth = 2, KernelHeight = 3, KernelWidth = 1, StrideHeight = 2, StrideWidth = 3, CeilMode = true };
        Assert.Equal((2, 1), (shape.OutHeight, shape.OutWidth));
        Assert.Equal(1, (shape with { CeilMode = false }).OutHeight);
        // the third window would start in the bottom padding
        Assert.Equal(2, (shape with { InHeight = 4, KernelHeight = 2, StrideHeight = 3, PadTop = 1, PadBottom = 1, CeilMode = true }).OutHeight);
        Assert.Throws<ArgumentException>(() => (shape with { KernelHeight = 9 }).OutHeight);
    }
}
