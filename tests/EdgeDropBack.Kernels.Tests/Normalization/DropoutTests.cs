namespace EdgeDropBack.Kernels.Tests;

public sealed class DropoutTests
{
    [Fact]
    public void TheMaskDependsOnTheIndexAloneAndBackwardRepeatsIt()
    {
        float[] x = Enumerable.Repeat(1f, 4000).ToArray(), whole = new float[4000], parts = new float[4000], gradient = new float[4000];
        Dropout.Forward(x, whole, 0.25f, 7, 3, 100);
        Dropout.Forward(x.AsSpan(0, 1001), parts, 0.25f, 7, 3, 100);
        Dropout.Forward(x.AsSpan(1001), parts.AsSpan(1001), 0.25f, 7, 3, 1101);
        Dropout.Backward(x, gradient, 0.25f, 7, 3, 100);
        Assert.Equal(whole, parts);
        Assert.Equal(whole, gradient);
        Assert.InRange(whole.Count(v => v == 0f), 900, 1100);
        Assert.All(whole, v => Assert.True(v == 0f || v == 1f / 0.75f));
    }

    [Fact]
    public void RatioZeroCopies()
    {
        float[] x = new Samples(1).Array(100), y = new float[100];
        Dropout.Forward(x, y, 0f, 1, 1, 0);
        Assert.Equal(x, y);
        Assert.Throws<ArgumentException>(() => Dropout.Forward(x, y, 1f, 1, 1, 0));
    }
}
