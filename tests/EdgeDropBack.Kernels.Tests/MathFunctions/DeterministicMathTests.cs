namespace EdgeDropBack.Kernels.Tests;

public sealed class DeterministicMathTests
{
    public static TheoryData<string, double> Bounds => new()
    {
        { "exp", 1.0 }, { "expm1", 1.5 }, { "log", 1.0 }, { "log1p", 1.0 }, { "tanh", 2.5 }, { "erf", 1.25 }, { "sigmoid", 2.5 }, { "softplus", 1.75 },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void ErrorStaysWithinTheStatedBound(string name, double bound)
    {
        var (ours, exact) = Pair(name);
        double worst = 0.0;
        float at = 0f;
        // every exponent and sign, 7919 apart
        for (uint bits = 0; bits < 0xFF800000u; bits = bits > uint.MaxValue - 7919 ? uint.MaxValue : bits + 7919)
        {
            float x = BitConverter.UInt32BitsToSingle(bits);
            if (!float.IsFinite(x)) continue;
            double wanted = exact(x);
            float got = ours(x);
            if (double.IsNaN(wanted))
            {
                Assert.True(float.IsNaN(got), $"{name}({x:R}) = {got:R}, NaN wanted");
                continue;
            }
            if (Math.Abs(wanted) > float.MaxValue || !float.IsFinite(got))
            {
                Assert.Equal((float)wanted, got);
                continue;
            }
            double ulp = Math.ScaleB(1.0, Math.Max(Math.Abs(wanted) < 1.18e-38 ? -126 : Math.ILogB(wanted), -126) - 23);
            double error = Math.Abs(got - wanted) / ulp;
            if (error > worst) (worst, at) = (error, x);
        }
        Assert.True(worst <= bound, $"{name}: {worst:F3} ulp at {at:R}, bound {bound}");
    }

    [Theory]
    [InlineData("exp", float.NegativeInfinity, 0f)]
    [InlineData("exp", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("exp", 0f, 1f)]
    [InlineData("expm1", float.NegativeInfinity, -1f)]
    [InlineData("expm1", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("expm1", -0f, -0f)]
    [InlineData("log", 0f, float.NegativeInfinity)]
    [InlineData("log", 1f, 0f)]
    [InlineData("log", -1f, float.NaN)]
    [InlineData("log", float.NegativeInfinity, float.NaN)]
    [InlineData("log", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("log1p", -1f, float.NegativeInfinity)]
    [InlineData("log1p", -2f, float.NaN)]
    [InlineData("log1p", float.NegativeInfinity, float.NaN)]
    [InlineData("log1p", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("log1p", -0f, -0f)]
    [InlineData("tanh", float.PositiveInfinity, 1f)]
    [InlineData("tanh", float.NegativeInfinity, -1f)]
    [InlineData("tanh", -0f, -0f)]
    [InlineData("tanh", 1e-45f, 1e-45f)]
    [InlineData("erf", float.PositiveInfinity, 1f)]
    [InlineData("erf", float.NegativeInfinity, -1f)]
    [InlineData("erf", -0f, -0f)]
    [InlineData("sigmoid", float.PositiveInfinity, 1f)]
    [InlineData("sigmoid", float.NegativeInfinity, 0f)]
    [InlineData("softplus", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("softplus", float.NegativeInfinity, 0f)]
    public void LimitsAreExact(string name, float x, float wanted)
    {
        float got = Pair(name).Ours(x);
        if (float.IsNaN(wanted)) Assert.True(float.IsNaN(got));
        else Assert.Equal(BitConverter.SingleToInt32Bits(wanted), BitConverter.SingleToInt32Bits(got));
        Assert.True(float.IsNaN(Pair(name).Ours(float.NaN)));
    }

    [Fact]
    public void PowIsWithinOneUlpAndKeepsTheSpecialCasesOfC99()
    {
        float[] specials = [0f, -0f, 1f, -1f, 2f, -2f, 3f, 0.5f, -0.5f, 2.5f, -2.5f, 1e-45f, 1e30f, -1e30f, 1e-30f, 16777217f, 8388609f, -7f, float.NaN,
            float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, 0.9999999f, 1.0000001f];
        var random = new Samples(5);
        for (int i = 0; i < 50_000; i++)
        {
            float x = i < 24 * 24 ? specials[i / 24] : random.Next(0f, i % 2 == 0 ? 4f : 1e4f), y = i < 24 * 24 ? specials[i % 24] : random.Next(-20f, 20f);
            float wanted = (float)Math.Pow(x, y), got = DeterministicMath.Pow(x, y);
            bool near = BitConverter.SingleToInt32Bits(wanted) == BitConverter.SingleToInt32Bits(got)
                || Math.Abs((long)BitConverter.SingleToInt32Bits(wanted) - BitConverter.SingleToInt32Bits(got)) == 1;
            Assert.True(near || (float.IsNaN(wanted) && float.IsNaN(got)), $"pow({x:R}, {y:R}) = {got:R}, wanted {wanted:R}");
        }
    }

    static (Func<float, float> Ours, Func<double, double> Exact) Pair(string name) => name switch
    {
        "exp" => (DeterministicMath.Exp, Math.Exp),
        "expm1" => (DeterministicMath.Expm1, Expm1),
        "log" => (DeterministicMath.Log, Math.Log),
        "log1p" => (DeterministicMath.Log1p, Log1p),
        "tanh" => (DeterministicMath.Tanh, Math.Tanh),
        "erf" => (DeterministicMath.Erf, Erf),
        "sigmoid" => (DeterministicMath.Sigmoid, x => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x))),
        "softplus" => (DeterministicMath.Softplus, x => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)))),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    static double Expm1(double x) => Math.Abs(x) < 1e-4 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1;

    static double Log1p(double x) => Math.Abs(x) < 1e-4 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);

    /// <summary>Taylor series up to 2, Laplace's continued fraction of erfc beyond.</summary>
    internal static double Erf(double x)
    {
        double t = Math.Abs(x);
        if (t > 6) return Math.Sign(x);
        if (t < 2.5)
        {
            double term = x, sum = x;
            for (int n = 1; n < 80; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }
            return sum * 2 / Math.Sqrt(Math.PI);
        }
        double fraction = t;
        for (int k = 80; k >= 1; k--) fraction = t + (k / 2.0 / fraction);
        return Math.Sign(x) * (1 - (Math.Exp(-t * t) / Math.Sqrt(Math.PI) / fraction));
    }
}
