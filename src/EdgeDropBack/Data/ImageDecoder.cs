using StbImageSharp;

namespace EdgeDropBack.Data;

/// <summary>
/// Decodes PNG, JPEG, BMP, TGA and the first frame of a GIF. What is wrong with a file comes back as a reason, never as an exception.
/// </summary>
static class ImageDecoder
{
    static readonly string[] s_extensions = [".png", ".jpg", ".jpeg", ".bmp", ".tga", ".gif"];

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
        if (ImageIntegrity.Check(bytes, isTga) is { } reason)
            return reason;
        try
        {
            if (ImageInfo.FromStream(new MemoryStream(bytes, writable: false)) is not { Width: > 0, Height: > 0 } info)
                return "the header cannot be read";
            if ((long)info.Width * info.Height > DataLimits.MaxImagePixels || Math.Max(info.Width, info.Height) > DataLimits.MaxImageSide)
                return $"{info.Width}x{info.Height} pixels, the limits are {DataLimits.MaxImagePixels} in all and "
                    + $"{DataLimits.MaxImageSide} a side";
            var result = ImageResult.FromMemory(bytes);
            image = new(result.Data, result.Height, result.Width, (int)result.Comp);
            return result.Data.LongLength == (long)result.Width * result.Height * (int)result.Comp ? null : "the decoder returned "
                + "another size";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"damaged ({Printable.Name(e.Message)})";
        }
    }
}
