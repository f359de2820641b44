namespace EdgeDropBack.Kernels.Tests;

public sealed class LossTests
{
    public static TheoryData<string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int>();
            foreach (string loss in new[] { "ce", "bce", "mse" })
            {
                foreach (int columns in new[] { 1, 3, 8, 10, 19 }) cases.Add(loss, 4, columns);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ValueAndGradientMatchDoublePrecision(string loss, int rows, int columns)
    {
        const double Step = 1e-5;
        const float Scale = 0.25f;
        var samples = new Samples(41);
        float[] z = samples.Array(rows * columns, -4f, 4f), t = samples.Array(rows * columns, 0f, 1f), w = samples.Array(rows, 0.5f, 2f);
        double[] z64 = Array.ConvertAll(z, v => (double)v);
        using Guarded gradient = new(z.Length), perSample = new(rows);
        double value = Run(loss, z, t, w, rows, columns, Scale, gradient.Span, perSample.Span);
        Assert.Equal(Exact(), value, 1e-5);
        double weighted = 0;
        for (int s = 0; s < rows; s++) weighted += (double)w[s] * perSample.Span[s];
        Assert.Equal(weighted * Scale, value);
        Assert.Equal(value, Run(loss, z, t, w, rows, columns, Scale, default, default));
        for (int i = 0; i < z.Length; i++)
        {
            double kept = z64[i];
            z64[i] = kept + Step;
            double above = Exact();
            z64[i] = kept - Step;
            double slope = (above - Exact()) / (2 * Step);
            z64[i] = kept;
            Assert.Equal(slope, gradient.Span[i], 1e-5);
        }

        double Exact()
        {
            double total = 0;
            for (int s = 0; s < rows; s++)
            {
                double sum = 0, own = 0;
                for (int c = 0; c < columns; c++) sum += Math.Exp(z64[(s * columns) + c]);
                for (int c = 0; c < columns; c++)
                {
                    double o = z64[(s * columns) + c], target = t[(s * columns) + c];
                    own += loss switch
                    {
                        "ce" => -target * Math.Log(Math.Exp(o) / sum),
                        "bce" => Math.Log(1 + Math.Exp(o)) - (target * o),
                        _ => (o - target) * (o - target) / columns,
                    };
                }
                total += w[s] * own;
            }
            return total * Scale;
        }
    }

    [Theory]
    [InlineData("ce")]
    [InlineData("bce")]
    [InlineData("mse")]
    public void WidthsAgreeAndTheGradientMayReplaceTheLogits(string loss)
    {
        for (int columns = 1; columns <= 40; columns++)
        {
            var samples = new Samples((ulong)columns);
            float[] z = samples.Array(3 * columns, -30f, 30f), t = samples.Array(3 * columns, 0f, 1f), w = samples.Array(3, 0f, 1f);
            float[] wide = new float[z.Length], narrow = (float[])z.Clone();
            double a = Run(loss, z, t, w, 3, columns, 0.5f, wide, default);
            double b = loss switch
            {
                "ce" => SoftmaxCrossEntropy.ForwardWith<Lanes128x2>(narrow, t, w, 3, columns, 0.5f, narrow, default),
                "bce" => PointLoss.Forward<SigmoidCrossEntropy.Point, Lanes128x2>(narrow, t, w, 3, columns, 0.5f, narrow, default),
                _ => PointLoss.Forward<MeanSquaredError.Point, Lanes128x2>(narrow, t, w, 3, columns, 0.5f, narrow, default),
            };
            Assert.Equal(a, b);
            Samples.AssertSame(wide, narrow, loss);
        }
    }

    [Fact]
    public void ImpossibleClassesWithoutTargetCostNothing()
    {
        float[] gradient = new float[3];
        double loss = SoftmaxCrossEntropy.Forward([0f, float.NegativeInfinity, 0f], [1f, 0f, 0f], [1f], 1, 3, 1f, gradient, default);
        Assert.Equal(Math.Log(2), loss, 1e-6);
        Assert.Equal([-0.5f, 0f, 0.5f], gradient);
        Assert.True(double.IsNaN(SoftmaxCrossEntropy.Forward([0f, float.NaN, 0f], [1f, 0f, 0f], [1f], 1, 3, 1f, default, default)));
    }

    static double Run(string loss, float[] z, float[] t, float[] w, int rows, int columns, float scale, Span<float> gradient, Span<float> perSample) => loss switch
    {
        "ce" => SoftmaxCrossEntropy.Forward(z, t, w, rows, columns, scale, gradient, perSample),
        "bce" => SigmoidCrossEntropy.Forward(z, t, w, rows, columns, scale, gradient, perSample),
        _ => MeanSquaredError.Forward(z, t, w, rows, columns, scale, gradient, perSample),
    };
}
