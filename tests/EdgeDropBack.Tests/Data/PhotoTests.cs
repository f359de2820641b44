using System.Buffers.Binary;
using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

/// <summary>Photos as cameras, phones and careless programs write them.</summary>
public sealed class PhotoTests
{
    /// <summary>Rows and columns of the upright image that the first, second, third and last stored corner become.</summary>
    static readonly int[][] s_corners =
    [
        [0, 1, 2, 3], [1, 0, 3, 2], [3, 2, 1, 0], [2, 3, 0, 1], [0, 2, 1, 3], [2, 0, 3, 1], [3, 1, 2, 0], [1, 3, 0, 2],
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryOrientationIsAppliedInPngAndJpegAndSwapsTheSides(bool isLittle)
    {
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            foreach (var isLong in new[] { false, true })
            {
                var exif = ExifData(orientation, isLittle, isLong);
                Assert.Null(ImageDecoder.Decode(PngWith(PngImage.Encode([10, 20, 30, 40, 50, 60], 3, 2, 1), exif), false, out var png));
                var (pixels, rows, columns) = (png.Pixels, png.Height, png.Width);
                Assert.Equal(orientation >= 5 ? (3, 2) : (2, 3), (rows, columns));
                byte[] corners = [pixels[0], pixels[columns - 1], pixels[(rows - 1) * columns], pixels[^1]];
                byte[] stored = [10, 30, 40, 60];
                Assert.Equal(s_corners[orientation - 1].Select(c => stored[c]), corners);
                Assert.Null(ImageDecoder.Decode(JpegWith(Jpeg(), exif), false, out var jpeg));
                Assert.Null(ImageDecoder.Decode(Jpeg(), false, out var upright));
                Assert.Equal(ImageOrientation.Upright(upright, orientation).Pixels, jpeg.Pixels);
            }
        }
    }

    [Fact]
    public void ExifThatIsDamagedLeavesThePhotoUpright()
    {
        var right = ExifData(6, true, false);
        for (var length = 0; length < 20; length++) Assert.Equal(1, Exif.Orientation(right.AsSpan(0, length)));
        foreach (var value in new[] { 0, 9, 65535 }) Assert.Equal(1, Exif.Orientation(ExifData(value, false, false)));
        foreach (var (at, value) in new[] { (4, 0xFFFFFFFFu), (4, 9u), (8, 0xFFFFu), (14, 0xFFFFFFFFu) })
        {
            var exif = (byte[])right.Clone();
            BinaryPrimitives.WriteUInt32LittleEndian(exif.AsSpan(at), value);
            Assert.InRange(Exif.Orientation(exif), 1, 8);
            Assert.Null(ImageDecoder.Decode(JpegWith(Jpeg(), exif), false, out _));
        }
        for (var seed = 0; seed < DataTest.Mutations; seed++) Assert.InRange(Exif.Orientation(DataTest.Mutate(right, seed)), 1, 8);
    }

    [Fact]
    public void AJpegWithoutItsEndIsReadAndOneThatLacksImageDataIsSkipped()
    {
        var whole = Jpeg();
        Assert.Null(ImageDecoder.Decode(whole, false, out var expected));
        Assert.Null(expected.Note);
        foreach (var end in new[] { 2, 1 })
        {
            Assert.Null(ImageDecoder.Decode(whole[..^end], false, out var image));
            Assert.Equal(expected.Pixels, image.Pixels);
            Assert.Contains("EOI", image.Note);
        }
        for (var cut = 6; cut < whole.Length; cut++) Assert.NotNull(ImageDecoder.Decode(whole[..^cut], false, out _));
    }

    [Fact]
    public void JpegsWhoseColorsAreUncertainAreNamed()
    {
        byte[] jfif = [0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0];
        byte[] adobe = [0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0];
        byte[] bare = Bare(Jpeg());
        Assert.Contains("contradict", ImageDecoder.Decode([.. bare[..2], .. jfif, .. adobe, .. bare[2..]], false, out _));
        Assert.Null(ImageDecoder.Decode([.. bare[..2], .. adobe, .. bare[2..]], false, out var rgb));
        Assert.Null(ImageDecoder.Decode([.. bare[..2], .. jfif, .. bare[2..]], false, out var converted));
        Assert.NotEqual(rgb.Pixels, converted.Pixels);
        byte[] cmyk = [0xFF, 0xD8, 0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 17, 0, 2, 17, 0, 3, 17, 0, 4, 17, 0, 0xFF, 0xDA, 0, 3, 0, 0xFF, 0xD9];
        Assert.Contains("four colors", ImageDecoder.Decode(cmyk, false, out _));
    }

    [Theory]
    [InlineData(0xC9, 8, "arithmetic")]
    [InlineData(0xCA, 8, "arithmetic")]
    [InlineData(0xC3, 8, "lossless")]
    [InlineData(0xC1, 12, "12 bits")]
    public void JpegsOfOtherKindsAreNamed(byte frame, byte bits, string named)
    {
        var jpeg = Jpeg();
        var at = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        (jpeg[at + 1], jpeg[at + 4]) = (frame, bits);
        Assert.Contains(named, ImageDecoder.Decode(jpeg, false, out _));
    }

    [Fact]
    public void FormatsThatAreNotReadAreNamedWhateverTheirExtension()
    {
        foreach (var (head, named) in new (byte[], string)[]
        {
            ([.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8], "WebP"),
            ([0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0], "HEIC"),
            ([0, 0, 0, 24, .. "ftypmif1"u8, 0, 0, 0, 0], "HEIC"),
            ([0, 0, 0, 24, .. "ftypavif"u8, 0, 0, 0, 0], "AVIF"),
            ([.. "II*\0"u8, 8, 0, 0, 0], "TIFF"),
            ([.. "MM\0*"u8, 0, 0, 0, 8], "TIFF"),
            ([.. "RIFF"u8, 0, 0, 0, 0, .. "WAVEfmt "u8], "WAV"),
        })
        {
            var reason = ImageDecoder.Decode(head, false, out _)!;
            Assert.Contains(named, reason);
            Assert.Contains("convert it to JPEG or PNG", reason);
        }
        foreach (var name in new[] { "a.jfif", "A.JFIF", "a.jpe", "B.JPE", "c.HEIC", "d.webp" }) Assert.True(ImageDecoder.IsSupported(name));
    }

    [Fact]
    public void BitmapsAreReadFromTopToBottomAndWithWrongSizes()
    {
        byte[] row1 = [1, 2, 3, 4, 5, 6, 0, 0], row2 = [7, 8, 9, 10, 11, 12, 0, 0];
        byte[] expected = [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10];
        foreach (var size in new[] { 0, 5, int.MaxValue })
        {
            Assert.Null(ImageDecoder.Decode(Bmp(24, 2, 2, 0, [], [.. row2, .. row1], size), false, out var up));
            Assert.Equal(expected, up.Pixels);
            Assert.Null(ImageDecoder.Decode(Bmp(24, 2, -2, 0, [], [.. row1, .. row2], size), false, out var down));
            Assert.Equal(expected, down.Pixels);
            Assert.Contains("truncated", ImageDecoder.Decode(Bmp(24, 2, -2, 0, [], [.. row1, .. row2[..7]], size), false, out _));
        }
        Assert.NotNull(ImageDecoder.Decode(Bmp(24, 2, int.MinValue, 0, [], row1, 0), false, out _));
        Assert.Contains("compression 4", ImageDecoder.Decode(Bmp(0, 2, 2, 4, [], row1, 0), false, out _));
    }

    [Fact]
    public void BitmapsWithRunLengthsOf8And4BitsAreExpanded()
    {
        byte[] palette = [.. Enumerable.Range(0, 16).SelectMany(i => new[] { (byte)(i * 3), (byte)(i * 2), (byte)i, (byte)0 })];
        byte[] eight = [2, 9, 1, 9, 0, 2, 0, 0, 1, 1, 0, 0, 0, 3, 2, 3, 4, 0, 1, 5, 1, 6, 0, 1];
        byte[] one = [5, 3, 0, 0, 3, 9, 0, 2, 0, 0, 2, 1, 0, 1];
        Assert.Null(ImageDecoder.Decode(Bmp(8, 5, 2, 1, palette, one, 0), false, out var image));
        Assert.Equal([9, 9, 9, 1, 1, 3, 3, 3, 3, 3], image.Pixels.Where((_, i) => i % image.Channels == 0));
        Assert.Null(ImageDecoder.Decode(Bmp(8, 5, 2, 1, palette, eight, 0), false, out image));
        Assert.Equal([2, 3, 4, 5, 6, 9, 9, 9, 1, 0], image.Pixels.Where((_, i) => i % image.Channels == 0));
        byte[] odd = [0, 3, 0x12, 0x30, 2, 0x77, 0, 0, 3, 0x99, 2, 0x12, 0, 1];
        Assert.Null(ImageDecoder.Decode(Bmp(4, 5, 2, 2, palette, odd, 0), false, out image));
        Assert.Equal([9, 9, 9, 1, 2, 1, 2, 3, 7, 7], image.Pixels.Where((_, i) => i % image.Channels == 0));
        for (var cut = 1; cut < odd.Length; cut++)
            Assert.Contains("truncated", ImageDecoder.Decode(Bmp(4, 5, 2, 2, palette, odd[..^cut], 0), false, out _));
    }

    static byte[] Jpeg() => ImageFolderTests.Draw(true, 200, "jpg");

    /// <summary>Without its JFIF marker.</summary>
    static byte[] Bare(byte[] jpeg) => [.. jpeg[..2], .. jpeg[(4 + jpeg[5])..]];

    static byte[] JpegWith(byte[] jpeg, byte[] exif)
        => [.. jpeg[..2], 0xFF, 0xE1, 0, 9, .. "http://"u8, 0xFF, 0xE1, 0, (byte)(exif.Length + 8), .. "Exif\0\0"u8, .. exif, .. jpeg[2..]];

    static byte[] PngWith(byte[] png, byte[] exif)
    {
        byte[] body = [.. "eXIf"u8, .. exif], number = new byte[4], sum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, exif.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32.Append(0, body));
        return [.. png[..33], .. number, .. body, .. sum, .. png[33..]];
    }

    static byte[] ExifData(int orientation, bool isLittle, bool isLong)
    {
        byte[] Number(int value, int size)
        {
            var bytes = new byte[size];
            for (var i = 0; i < size; i++) bytes[isLittle ? i : size - 1 - i] = (byte)(value >> (8 * i));
            return bytes;
        }
        byte[] value = isLong ? Number(orientation, 4) : [.. Number(orientation, 2), 0, 0];
        return
        [
            .. isLittle ? "II"u8 : "MM"u8, .. Number(42, 2), .. Number(8, 4), .. Number(2, 2),
            .. Number(0x010F, 2), .. Number(2, 2), .. Number(1, 4), 0, 0, 0, 0,
            .. Number(0x0112, 2), .. Number(isLong ? 4 : 3, 2), .. Number(1, 4), .. value, 0, 0, 0, 0,
        ];
    }

    static byte[] Bmp(short bits, int width, int height, int compression, byte[] palette, byte[] pixels, int fileSize)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("BM"u8);
        writer.Write(fileSize);
        writer.Write(0);
        writer.Write(54 + palette.Length);
        writer.Write(40);
        writer.Write(width);
        writer.Write(height);
        writer.Write((short)1);
        writer.Write(bits);
        writer.Write(compression);
        for (var i = 0; i < 5; i++) writer.Write(0);
        writer.Write(palette);
        writer.Write(pixels);
        return stream.ToArray();
    }
}
