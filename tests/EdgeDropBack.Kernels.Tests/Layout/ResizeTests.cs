namespace EdgeDropBack.Kernels.Tests;

public sealed class ResizeTests
{
    [Fact]
    public void LinearUpsamplingHasTheValuesOfTheOnnxExample()
    {
        // ONNX operator tests, resize_upsample_scales_linear (half_pixel) and _align_corners
        var half = new ResizeAxis(2, 4, 2f, ResizeCoordinates.HalfPixel, ResizeRounding.Linear);
        float[] y = new float[16];
        Resize.Forward([1, 2, 3, 4], y, 1, half, half);
        Assert.Equal([1, 1.25f, 1.75f, 2, 1.5f, 1.75f, 2.25f, 2.5f, 2.5f, 2.75f, 3.25f, 3.5f, 3, 3.25f, 3.75f, 4], y);
        var corners = new ResizeAxis(2, 4, 2f, ResizeCoordinates.AlignCorners, ResizeRounding.Linear);
        Resize.Forward([1, 2, 3, 4], y, 1, corners, corners);
        Assert.Equal(1f + (1f / 3f), y[1], 1e-6f);
        Assert.Equal(4f, y[15]);
    }

    [Fact]
    public void NearestFollowsItsRounding()
    {
        var rows = new ResizeAxis(2, 4, 2f, ResizeCoordinates.Asymmetric, ResizeRounding.Floor);
        var columns = new ResizeAxis(2, 6, 3f, ResizeCoordinates.HalfPixel, ResizeRounding.RoundPreferFloor);
        float[] y = new float[24];
        Resize.Forward([1, 2, 3, 4], y, 1, rows, columns);
        Assert.Equal([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4], y);
        // 1 / 2 = 0.5 lies halfway
        Assert.Equal([0, 0], new ResizeAxis(4, 2, 2f, ResizeCoordinates.Asymmetric, ResizeRounding.RoundPreferFloor).Low);
        Assert.Equal([0, 1], new ResizeAxis(4, 2, 2f, ResizeCoordinates.Asymmetric, ResizeRounding.RoundPreferCeil).Low);
        Assert.Equal([0, 1], new ResizeAxis(4, 2, 2f, ResizeCoordinates.Asymmetric, ResizeRounding.Ceil).Low);
    }

    [Fact]
    public void TheGradientIsTheAdjoint()
    {
        foreach (var coordinates in Enum.GetValues<ResizeCoordinates>())
        {
            foreach (var rounding in Enum.GetValues<ResizeRounding>())
            {
                var rows = new ResizeAxis(5, 8, 1.6f, coordinates, rounding);
                var columns = new ResizeAxis(7, 3, 3f / 7f, coordinates, rounding);
                var samples = new Samples(81);
                float[] x = samples.Array(2 * 35), dy = samples.Array(2 * 24);
                using Guarded y = new(2 * 24), dx = new(2 * 35);
                Resize.Forward(x, y.Span, 2, rows, columns);
                Resize.Backward(dy, dx.Span, 2, rows, columns);
                double forward = 0, backward = 0;
                for (int i = 0; i < dy.Length; i++) forward += (double)y.Span[i] * dy[i];
                for (int i = 0; i < x.Length; i++) backward += (double)x[i] * dx.Span[i];
                Assert.Equal(forward, backward, 1e-4);
            }
        }
    }
}
