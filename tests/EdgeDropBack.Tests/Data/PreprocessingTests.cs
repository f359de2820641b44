using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class PreprocessingTests
{
    [Theory]
    [InlineData(new[] { 1, 3, 224, 160 }, 3, 224, 160, ImageLayout.Nchw)]
    [InlineData(new[] { -1, 96, 128, 1 }, 1, 96, 128, ImageLayout.Nhwc)]
    [InlineData(new[] { 0, 1, 28, 28 }, 1, 28, 28, ImageLayout.Nchw)]
    [InlineData(new[] { 8, 28, 28 }, 1, 28, 28, ImageLayout.Nchw)]
    [InlineData(new[] { 8, 784 }, 1, 28, 28, ImageLayout.Nchw)]
    [InlineData(new[] { 8, 3, 4, 1 }, 3, 4, 1, ImageLayout.Nchw)]
    public void ImageGeometryFollowsFromTheInputShape(int[] shape, int channels, int height, int width, ImageLayout layout)
    {
        var p = Preprocessing.ForModel(shape, new PreprocessingOptions());
        Assert.Equal((channels, height, width, layout), (p.Channels, p.Height, p.Width, p.Layout));
    }

    [Fact]
    public void OpenExtentsComeFromTheOptions()
    {
        var p = Preprocessing.ForModel([-1, 3, -1, -1], new PreprocessingOptions { Height = 64, Width = 48 });
        Assert.Equal((3, 64, 48), (p.Channels, p.Height, p.Width));
        Assert.Null(Preprocessing.ForModel([-1, 3, -1, -1], new PreprocessingOptions()).Height);
        var flat = Preprocessing.ForModel([-1, 3072], new PreprocessingOptions { Height = 32, Width = 32, Channels = 3 });
        Assert.Equal([3072], flat.InputShape);
    }

    [Fact]
    public void OptionsThatCannotFitAreWrongUsage()
    {
        foreach (var options in new PreprocessingOptions[]
        {
            new() { Height = 32, Width = 32 }, new() { Channels = 1 }, new() { Std = [0f] }, new() { Mean = [1f, 2f] },
            new() { Mean = [float.NaN] },
        })
            Assert.Equal(2, Assert.Throws<EdbException>(() => Preprocessing.ForModel([1, 3, 28, 28], options)).ExitCode);
        Assert.Equal(2, Assert.Throws<EdbException>(
            () => Preprocessing.ForModel([1, 784], new PreprocessingOptions { Height = 20, Width = 20 })).ExitCode);
    }

    [Theory]
    [InlineData("224", 224, 224)]
    [InlineData("96x128", 96, 128)]
    public void SizesParse(string text, int height, int width) => Assert.Equal((height, width), Preprocessing.ParseSize(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("1x2x3")]
    [InlineData("axb")]
    [InlineData("99999999999")]
    [InlineData("20000x20000")]
    public void WrongSizesAreRefused(string text) =>
        Assert.Equal(2, Assert.Throws<EdbException>(() => Preprocessing.ParseSize(text)).ExitCode);
}
