using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class ImageResizerTests
{
    [Fact]
    public void HalvingWeighsNeighboursAsATriangle()
    {
        byte[] row = [0, 0, 0, 0, 80, 0, 0, 0];
        Assert.Equal([0, 10, 30, 0], ImageResizer.Resize(row, 1, 8, 1, 1, 4));
    }

    [Fact]
    public void AConstantImageStaysConstantAtEverySize()
    {
        for (var from = 1; from < 20; from++)
            for (var to = 1; to < 20; to++)
            {
                var source = Enumerable.Repeat((byte)201, from * 7 * 3).ToArray();
                Assert.All(ImageResizer.Resize(source, from, 7, 3, to, 21 - to), b => Assert.Equal(201, b));
            }
    }

    [Fact]
    public void TheSameSizeIsTheSameImage()
    {
        byte[] source = [1, 2, 3, 4, 5, 6];
        Assert.Same(source, ImageResizer.Resize(source, 1, 2, 3, 1, 2));
    }

    [Fact]
    public void RowsAndColumnsAreTreatedAlike()
    {
        var source = new byte[13 * 9];
        for (var i = 0; i < source.Length; i++)
            source[i] = (byte)SampleOrder.Hash(1, (ulong)i);
        var turned = ElementOrder.TransposeEach(source, 1, 1, 13, 9);
        var wide = ImageResizer.Resize(source, 13, 9, 1, 13, 4);
        var tall = ImageResizer.Resize(turned, 9, 13, 1, 4, 13);
        Assert.Equal(wide, ElementOrder.TransposeEach(tall, 1, 1, 4, 13));
    }

    [Theory]
    [InlineData(1, 3, new byte[] { 9 }, new byte[] { 9, 9, 9 })]
    [InlineData(3, 1, new byte[] { 255, 0, 0 }, new byte[] { 77 })]
    [InlineData(3, 1, new byte[] { 255, 255, 255 }, new byte[] { 255 })]
    [InlineData(4, 3, new byte[] { 1, 2, 3, 4 }, new byte[] { 1, 2, 3 })]
    [InlineData(3, 4, new byte[] { 1, 2, 3 }, new byte[] { 1, 2, 3, 255 })]
    [InlineData(2, 4, new byte[] { 7, 8 }, new byte[] { 7, 7, 7, 8 })]
    public void ChannelsConvert(int from, int to, byte[] source, byte[] expected) =>
        Assert.Equal(expected, PixelFormat.Convert(source, from, to));
}
