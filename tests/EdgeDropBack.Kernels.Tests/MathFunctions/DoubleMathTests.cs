namespace EdgeDropBack.Kernels.Tests.MathFunctions;

public sealed class DoubleMathTests
{
    [Fact]
    public void SineAndCosineOfHalfTurns()
    {
        for (var i = -4000; i <= 4000; i++)
        {
            var x = i / 997.0;
            Assert.Equal(Math.Sin(Math.PI * x), DeterministicMath.SinPi(x), 4e-15);
            Assert.Equal(Math.Cos(Math.PI * x), DeterministicMath.CosPi(x), 4e-15);
        }
        Assert.Equal(1, DeterministicMath.SinPi(0.5));
        Assert.Equal(0, DeterministicMath.SinPi(1e6));
    }

    [Fact]
    public void ExponentialAndLogarithm()
    {
        for (var i = -700; i <= 700; i++)
        {
            var x = i * 0.997;
            Assert.Equal(1, DeterministicMath.Exp(x) / Math.Exp(x), 2e-15);
            var y = Math.Exp(x);
            Assert.InRange(Math.Abs(DeterministicMath.Log(y) - Math.Log(y)), 0, 2e-15 * Math.Max(1, Math.Abs(x)));
        }
    }
}
