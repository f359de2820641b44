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
        foreach (var coordinates in Enum.GetValues<ResizeCoordinates>().Except([ResizeCoordinates.CropAndResize]))
        {
            foreach (var rounding in Enum.GetValues<ResizeRounding>().Except([ResizeRounding.Cubic]))
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

    [Fact]
    public void TapsOfOneAxisAreThePlanOfTheTwo()
    {
        foreach (var coordinates in Enum.GetValues<ResizeCoordinates>().Except([ResizeCoordinates.CropAndResize]))
        {
            foreach (var rounding in Enum.GetValues<ResizeRounding>().Except([ResizeRounding.Cubic]))
            {
                foreach (var (from, to) in new[] { (5, 8), (7, 3), (1, 4), (4, 1), (6, 6) })
                {
                    float[] x = new Samples(82).Array(3 * from), y = new float[3 * to], expected = new float[3 * to];
                    var columns = new ResizeAxis(from, to, (float)to / from, coordinates, rounding);
                    Resize.Forward(x, expected, 3, new ResizeAxis(1, 1, 1f, ResizeCoordinates.Asymmetric, ResizeRounding.Floor), columns);
                    var taps = new ResizeTaps(from, to, (float)to / from, new() { Coordinates = coordinates, Rounding = rounding }, 1000);
                    Resize.Forward(x, y, 3, 1, taps, 0f);
                    for (int i = 0; i < y.Length; i++) Assert.Equal(expected[i], y[i], 1e-5f);
                }
            }
        }
    }

    [Fact]
    public void CubicTapsHaveTheWeightsOfKeys()
    {
        // (1/2, a = -0.75): -0.09375, 0.59375, 0.59375, -0.09375
        var taps = new ResizeTaps(8, 4, 0.5f, new() { Coordinates = ResizeCoordinates.HalfPixel, Rounding = ResizeRounding.Cubic }, 100);
        Assert.Equal([1, 2, 3, 4], taps.Index[taps.First[1]..taps.First[2]]);
        Assert.Equal([-0.09375f, 0.59375f, 0.59375f, -0.09375f], taps.Weight[taps.First[1]..taps.First[2]]);
    }

    [Fact]
    public void WhatLiesOutsideIsTheGivenNumber()
    {
        var sampling = new ResizeSampling
        {
            Coordinates = ResizeCoordinates.CropAndResize,
            Rounding = ResizeRounding.Linear,
            RegionStart = 0.5f,
            RegionEnd = 1.5f,
        };
        float[] y = new float[6];
        Resize.Forward([1, 2, 3, 4, 5, 6], y, 1, 2, new ResizeTaps(3, 3, 1f, sampling, 100), -7f);
        Assert.Equal([3, 4, 5, 6, -7, -7], y);
    }

    [Fact]
    public void TheGradientOfTapsIsTheAdjoint()
    {
        foreach (var rounding in Enum.GetValues<ResizeRounding>())
        {
            foreach (bool antialias in new[] { false, true })
            {
                var sampling = new ResizeSampling { Coordinates = ResizeCoordinates.HalfPixel, Rounding = rounding, Antialias = antialias, ExcludeOutside = antialias };
                var taps = new ResizeTaps(9, 4, 4f / 9f, sampling, 1000);
                var samples = new Samples(83);
                float[] x = samples.Array(2 * 9 * 3), dy = samples.Array(2 * 4 * 3);
                using Guarded y = new(2 * 4 * 3), dx = new(2 * 9 * 3);
                Resize.Forward(x, y.Span, 2, 3, taps, 0f);
                Resize.Backward(dy, dx.Span, 2, 3, taps);
                double forward = 0, backward = 0;
                for (int i = 0; i < dy.Length; i++) forward += (double)y.Span[i] * dy[i];
                for (int i = 0; i < x.Length; i++) backward += (double)x[i] * dx.Span[i];
                Assert.Equal(forward, backward, 1e-4);
            }
        }
    }

    [Fact]
    public void AFilterThatReadsTooMuchIsRefused()
    {
        var sampling = new ResizeSampling { Coordinates = ResizeCoordinates.HalfPixel, Rounding = ResizeRounding.Cubic, Antialias = true };
        Assert.Throws<ArgumentException>(() => new ResizeTaps(1 << 20, 1000, 1e-9f, sampling, 1 << 20));
    }
}
