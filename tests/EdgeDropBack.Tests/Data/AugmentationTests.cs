using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class AugmentationTests
{
    static readonly ImageGeometry s_planes = new(3, 5, 7, ImageLayout.Nchw), s_pixels = new(3, 5, 7, ImageLayout.Nhwc);

    [Theory]
    [InlineData("off", 0, false, 0)]
    [InlineData("flip", 0, true, 0)]
    [InlineData("shift:4,flip,rotate:12.5", 4, true, 12.5)]
    public void TextIsReadAndWritten(string text, int shift, bool flip, double degrees)
    {
        var augmentation = Augmentation.Parse(text);
        Assert.Equal(new(shift, flip, degrees), augmentation);
        Assert.Equal(text, augmentation.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("shift")]
    [InlineData("shift:0")]
    [InlineData("shift:-1")]
    [InlineData("rotate:181")]
    [InlineData("rotate:NaN")]
    [InlineData("flip,zoom:2")]
    public void AnythingElseIsRefused(string text)
    {
        var refusal = Assert.Throws<EdbException>(() => Augmentation.Parse(text));
        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains($"--augment '{text}'", refusal.Message);
    }

    [Fact]
    public void AShiftMovesEveryPixelAndRepeatsTheEdge()
    {
        var source = Ramp(s_planes);
        HashSet<(int, int)> seen = [];
        for (var position = 0; position < 200; position++)
        {
            var moved = Apply("shift:2", s_planes, position, source);
            var found = Enumerable.Range(-2, 5).SelectMany(down => Enumerable.Range(-2, 5).Select(right => (down, right)))
                .Where(shift => moved.SequenceEqual(Shifted(source, shift.down, shift.right))).ToArray();
            seen.Add(Assert.Single(found));
        }
        Assert.Equal(25, seen.Count);
    }

    [Fact]
    public void AFlipMirrorsAboutHalfOfTheImages()
    {
        var source = Ramp(s_planes);
        var mirrored = new float[source.Length];
        for (var c = 0; c < 3; c++)
            for (var y = 0; y < 5; y++)
                for (var x = 0; x < 7; x++) mirrored[s_planes.At(c, y, x)] = source[s_planes.At(c, y, 6 - x)];
        var flips = 0;
        for (var position = 0; position < 20_000; position++)
        {
            var result = Apply("flip", s_planes, position, source);
            if (result.SequenceEqual(mirrored)) flips++;
            else Assert.Equal(source, result);
        }
        Assert.InRange(flips, 9_700, 10_300);
    }

    [Fact]
    public void ATurnOfALinearImageTurnsItsSlope()
    {
        var image = new ImageGeometry(1, 33, 33, ImageLayout.Nchw);
        var source = new float[33 * 33];
        for (var y = 0; y < 33; y++)
            for (var x = 0; x < 33; x++) source[y * 33 + x] = x - 16;
        for (var position = 0; position < 20; position++)
        {
            var turned = Apply("rotate:30", image, position, source);
            var (across, along) = (turned[16 * 33 + 20] - turned[16 * 33 + 12], turned[20 * 33 + 16] - turned[12 * 33 + 16]);
            Assert.Equal(8, Math.Sqrt(across * across + along * along), 4);
            Assert.InRange(Math.Abs(Math.Atan2(along, across)), 0, Math.PI / 6 + 1e-6);
        }
    }

    [Fact]
    public void BothLayoutsGiveTheSameImage()
    {
        float[] planes = Ramp(s_planes), pixels = new float[planes.Length];
        Swap(planes, pixels);
        var expected = new float[planes.Length];
        Swap(Apply("shift:3,flip,rotate:40", s_planes, 7, planes), expected);
        Assert.Equal(expected, Apply("shift:3,flip,rotate:40", s_pixels, 7, pixels));

        static void Swap(float[] from, float[] to)
        {
            for (var c = 0; c < 3; c++)
                for (var y = 0; y < 5; y++)
                    for (var x = 0; x < 7; x++) to[s_pixels.At(c, y, x)] = from[s_planes.At(c, y, x)];
        }
    }

    [Fact]
    public void BitsAreFixedForEver()
    {
        var hash = 17u;
        foreach (var value in Apply("shift:3,flip,rotate:40", s_planes, 123_456_789_012, Ramp(s_planes)))
            hash = hash * 31 + BitConverter.SingleToUInt32Bits(value);
        Assert.Equal(2036436378u, hash);
    }

    static float[] Ramp(ImageGeometry image) => [.. Enumerable.Range(0, image.Channels * image.Height * image.Width).Select(i => i * 0.5f)];

    static float[] Shifted(float[] source, int down, int right)
    {
        var result = new float[source.Length];
        for (var c = 0; c < 3; c++)
            for (var y = 0; y < 5; y++)
                for (var x = 0; x < 7; x++)
                    result[s_planes.At(c, y, x)] = source[s_planes.At(c, Math.Clamp(y - down, 0, 4), Math.Clamp(x - right, 0, 6))];
        return result;
    }

    static float[] Apply(string text, ImageGeometry image, long position, float[] source)
    {
        var result = new float[source.Length];
        Augmentation.Parse(text).Apply(image, 5, position, source, result);
        return result;
    }
}
