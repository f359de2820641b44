namespace EdgeDropBack.Kernels.Tests;

public sealed class UnaryTests
{
    public static TheoryData<UnaryKind> Kinds => [.. Enum.GetValues<UnaryKind>()];

    internal static (float Alpha, float Beta) Attributes(UnaryKind kind) => kind switch
    {
        UnaryKind.LeakyRelu => (0.01f, 0f),
        UnaryKind.Clip => (-1f, 6f),
        UnaryKind.Elu => (1.3f, 0f),
        UnaryKind.HardSigmoid => (0.2f, 0.5f),
        UnaryKind.Selu => (1.67326319f, 1.05070102f),
        UnaryKind.Celu => (1.7f, 0f),
        UnaryKind.ThresholdedRelu => (0.5f, 0f),
        UnaryKind.Shrink => (0.5f, 0.25f),
        UnaryKind.Swish => (1.2f, 0f),
        _ => (0f, 0f),
    };

    [Fact]
    public void DescentEqualsOneFusedStepForEveryLength()
    {
        for (int n = 0; n < 70; n++)
        {
            float[] x = Enumerable.Range(0, n).Select(i => (i - 20) * 0.37f).ToArray(), start = [.. x.Select(v => v * v)];
            float[] expected = [.. x.Select((v, i) => MathF.FusedMultiplyAdd(-0.3f, v * 0.7f, start[i]))], narrow = [.. start], wide = [.. start];
            Elementwise.DescendWith<Lanes256>(x, 0.7f, 0.3f, wide);
            Elementwise.DescendWith<Lanes128x2>(x, 0.7f, 0.3f, narrow);
            Assert.Equal(expected, wide);
            Assert.Equal(expected, narrow);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryWidthGivesTheBitsOfTheReference(UnaryKind kind)
    {
        var (alpha, beta) = Attributes(kind);
        for (int length = 0; length <= 256; length++)
        {
            var samples = new Samples((ulong)length);
            float[] x = samples.Mixed(length), dy = samples.Mixed(length), y = new float[length], dx = new float[length];
            Reference.Unary(kind, x, y, alpha, beta);
            Reference.UnaryBackward(kind, x, y, dy, dx, alpha, beta);
            Check<Lanes256>(kind, x, y, dy, dx, alpha, beta);
            Check<Lanes128x2>(kind, x, y, dy, dx, alpha, beta);
        }
    }

    static void Check<T>(UnaryKind kind, float[] x, float[] y, float[] dy, float[] dx, float alpha, float beta) where T : struct, ILanes<T>
    {
        var reads = UnaryKinds.BackwardReads(kind);
        ReadOnlySpan<float> givenX = reads.HasFlag(BackwardReads.Input) ? x : default, givenY = reads.HasFlag(BackwardReads.Output) ? y : default;
        using var output = new Guarded(x.Length);
        Elementwise.UnaryWith<T>(kind, x, output.Span, alpha, beta);
        Samples.AssertSame(y, output.Span, $"{kind} {typeof(T).Name}");
        x.CopyTo(output.Span);
        Elementwise.UnaryWith<T>(kind, output.Span, output.Span, alpha, beta);
        Samples.AssertSame(y, output.Span, $"{kind} in place");
        Elementwise.UnaryBackwardWith<T>(kind, givenX, givenY, dy, output.Span, alpha, beta);
        Samples.AssertSame(dx, output.Span, $"{kind} backward {typeof(T).Name}");
        dy.CopyTo(output.Span);
        Elementwise.UnaryBackwardWith<T>(kind, givenX, givenY, output.Span, output.Span, alpha, beta);
        Samples.AssertSame(dx, output.Span, $"{kind} backward in place");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void GradientIsTheCentralDifferenceOfTheFunctionInDouble(UnaryKind kind)
    {
        const double Step = 1e-5;
        var (alpha, beta) = Attributes(kind);
        var samples = new Samples(3);
        bool positive = kind is UnaryKind.Log or UnaryKind.Sqrt or UnaryKind.Reciprocal;
        float[] x = samples.Array(500, positive ? 0.2f : -5f, 7f), y = new float[500], dy = samples.Array(500), dx = new float[500];
        Elementwise.Unary(kind, x, y, alpha, beta);
        Elementwise.UnaryBackward(kind, x, y, dy, dx, alpha, beta);
        for (int i = 0; i < x.Length; i++)
        {
            double value = Exact(kind, x[i], alpha, beta);
            Assert.True(Math.Abs(y[i] - value) <= 2e-6 * Math.Max(Math.Abs(value), 0.25), $"{kind}({x[i]:R}) = {y[i]:R}, wanted {value:R}");
            double slope = (Exact(kind, x[i] + Step, alpha, beta) - Exact(kind, x[i] - Step, alpha, beta)) / (2 * Step);
            double left = Exact(kind, x[i], alpha, beta) - Exact(kind, x[i] - Step, alpha, beta);
            if (Math.Abs(left - (slope * Step)) > 1e-8) continue; // a kink or a jump within the step
            Assert.True(Math.Abs(dx[i] - (slope * dy[i])) <= 2e-5 * Math.Max(Math.Abs(slope * dy[i]), 1.0), $"{kind}'({x[i]:R}): {dx[i]:R}, wanted {slope * dy[i]:R}");
        }
    }

    [Fact]
    public void SubgradientsAtKinksAreThoseOfPyTorch()
    {
        Assert.Equal(0f, Slope(UnaryKind.Relu, 0f));
        Assert.Equal(0f, Slope(UnaryKind.Abs, 0f));
        Assert.Equal(1f, Slope(UnaryKind.Clip, -1f));
        Assert.Equal(1f, Slope(UnaryKind.Clip, 6f));
        Assert.Equal(0.01f, Slope(UnaryKind.LeakyRelu, 0f));
    }

    [Fact]
    public void ShortSpansAndNegativeSlopesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Elementwise.Unary(UnaryKind.Relu, new float[3], new float[2]));
        Assert.Throws<ArgumentException>(() => Elementwise.UnaryBackward(UnaryKind.Relu, default, new float[2], new float[3], new float[3]));
        Assert.Throws<ArgumentException>(() => Elementwise.UnaryBackward(UnaryKind.LeakyRelu, default, new float[3], new float[3], new float[3], -1f));
        Assert.Throws<ArgumentException>(() => Elementwise.Unary((UnaryKind)99, default, default));
    }

    static float Slope(UnaryKind kind, float x)
    {
        var (alpha, beta) = Attributes(kind);
        float[] y = new float[1], dx = [float.NaN];
        Elementwise.Unary(kind, [x], y, alpha, beta);
        Elementwise.UnaryBackward(kind, [x], y, [1f], dx, alpha, beta);
        return dx[0];
    }

    static double Exact(UnaryKind kind, double x, double alpha, double beta) => kind switch
    {
        UnaryKind.Relu => Math.Max(x, 0),
        UnaryKind.LeakyRelu => x > 0 ? x : alpha * x,
        UnaryKind.Clip => Math.Clamp(x, alpha, beta),
        UnaryKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        UnaryKind.Tanh => Math.Tanh(x),
        UnaryKind.Elu => x > 0 ? x : alpha * (Math.Exp(x) - 1),
        UnaryKind.HardSigmoid => Math.Clamp((alpha * x) + beta, 0, 1),
        UnaryKind.HardSwish => x * Math.Clamp((x / 6) + 0.5, 0, 1),
        UnaryKind.Softplus => Math.Log(1 + Math.Exp(x)),
        UnaryKind.Abs => Math.Abs(x),
        UnaryKind.Neg => -x,
        UnaryKind.Exp => Math.Exp(x),
        UnaryKind.Log => Math.Log(x),
        UnaryKind.Sqrt => Math.Sqrt(x),
        UnaryKind.Reciprocal => 1 / x,
        UnaryKind.Erf => DeterministicMathTests.Erf(x),
        UnaryKind.Gelu => 0.5 * x * (1 + DeterministicMathTests.Erf(x / Math.Sqrt(2))),
        UnaryKind.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        UnaryKind.Mish => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        UnaryKind.Softsign => x / (1 + Math.Abs(x)),
        UnaryKind.Selu => beta * (x > 0 ? x : alpha * (Math.Exp(x) - 1)),
        UnaryKind.Celu => x > 0 ? x : alpha * (Math.Exp(x / alpha) - 1),
        UnaryKind.ThresholdedRelu => x > alpha ? x : 0,
        UnaryKind.Shrink => x < -alpha ? x + beta : x > alpha ? x - beta : 0,
        UnaryKind.Swish => x / (1 + Math.Exp(-alpha * x)),
        UnaryKind.Sign => Math.Sign(x),
        UnaryKind.Floor => Math.Floor(x),
        UnaryKind.Ceil => Math.Ceiling(x),
        UnaryKind.Round => Math.Round(x),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
