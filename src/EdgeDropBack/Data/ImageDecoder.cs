using StbImageSharp;

namespace EdgeDropBack.Data;

/// <summary>
/// Decodes PNG, JPEG, BMP, TGA and the first frame of a GIF. What is wrong with a file comes back as a reason, never as an exception.
/// </summary>
static class ImageDecoder
{
    internal const string Formats = "PNG, JPEG, BMP, TGA or GIF";

    /// <summary>Also those of images that are not read, which are then skipped by name.</summary>
    static readonly string[] s_extensions =
    [
        ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".bmp", ".dib", ".tga", ".gif", ".webp", ".heic", ".heif", ".avif", ".tif", ".tiff", ".jxl", ".jp2",
    ];

    internal static bool IsSupported(string path) =>
        Array.Exists(s_extensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <param name="path">The file.</param>
    /// <param name="image">Decoded.</param>
    /// <returns>Null, or why the file cannot be used.</returns>
    internal static string? Decode(string path, out DecodedImage image)
    {
        image = default;
        try
        {
            using var stream = DataFile.Open(path);
            if (stream.Length > DataLimits.MaxImageFileBytes)
                return $"{stream.Length} bytes, the limit is {DataLimits.MaxImageFileBytes}";
            var bytes = new byte[stream.Length];
            BoundedReader.Fill(stream, bytes, path, "the file");
            return Decode(bytes, path.EndsWith(".tga", StringComparison.OrdinalIgnoreCase), out image);
        }
        catch (EdbException e)
        {
            return e.Message;
        }
    }

    internal static string? Decode(byte[] bytes, bool isTga, out DecodedImage image)
    {
        image = default;
        if (ImageIntegrity.Check(bytes, isTga, out var orientation, out var lacksEnd) is { } reason)
            return reason;
        try
        {
            if (lacksEnd) bytes = JpegFile.WithEnd(bytes);
            if (SizeProblem(bytes, out var bmp) is { } problem) return problem;
            if (!bmp.IsWhole(bytes.Length)) return $"truncated after {bytes.Length} bytes";
            if (bmp.IsRunLength && bmp.Expand(bytes, out bytes) is { } damaged) return damaged;
            var result = ImageResult.FromMemory(bytes);
            if (result.Data.LongLength != (long)result.Width * result.Height * (int)result.Comp) return "the decoder returned another size";
            image = ImageOrientation.Upright(new(result.Data, result.Height, result.Width, (int)result.Comp), orientation);
            if (lacksEnd) image = image with { Note = "the file ends without the mark of its end (JPEG EOI); the image is complete" };
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"damaged ({Printable.Name(e.Message)})";
        }
    }

    /// <summary>What is wrong with the size that the header gives, before anything of it is allocated.</summary>
    static string? SizeProblem(byte[] bytes, out BmpFile bmp)
    {
        bmp = default;
        var (width, height) = (0, 0);
        if (bytes.AsSpan().StartsWith("BM"u8))
        {
            if (BmpFile.Read(bytes, out bmp) is { } reason) return reason;
            (width, height) = (bmp.Width, bmp.Height);
        }
        else if (ImageInfo.FromStream(new MemoryStream(bytes, writable: false)) is { } info)
        {
            (width, height) = (info.Width, info.Height);
        }
        if (width <= 0 || height <= 0) return "the header cannot be read";
        return (long)width * height > DataLimits.MaxImagePixels || Math.Max(width, height) > DataLimits.MaxImageSide
            ? $"{width}x{height} pixels, the limits are {DataLimits.MaxImagePixels} in all and {DataLimits.MaxImageSide} a side" : null;
    }
}
