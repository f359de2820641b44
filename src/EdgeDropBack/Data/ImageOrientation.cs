namespace EdgeDropBack.Data;

/// <summary>Turns stored pixels into what a viewer shows. Orientations are numbered as in EXIF: 1 is upright, 5 to 8 swap rows and columns.</summary>
static class ImageOrientation
{
    /// <param name="orientation">2 mirrored, 3 turned by 180 degrees, 4 upside down, 5 transposed, 6 turned right, 7 transposed the other way, 8 turned left.</param>
    internal static DecodedImage Upright(DecodedImage image, int orientation)
    {
        if (orientation == 1) return image;
        var (pixels, rows, columns, channels) = image;
        var isSwapped = orientation >= 5;
        var (height, width) = isSwapped ? (columns, rows) : (rows, columns);
        var flipsRows = orientation is 3 or 4 or 7 or 8;
        var flipsColumns = orientation is 2 or 3 or 6 or 7;
        var upright = GC.AllocateUninitializedArray<byte>(pixels.Length);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (down, right) = (flipsRows ? height - 1 - y : y, flipsColumns ? width - 1 - x : x);
                var from = (isSwapped ? right * columns + down : down * columns + right) * channels;
                pixels.AsSpan(from, channels).CopyTo(upright.AsSpan((y * width + x) * channels));
            }
        return image with { Pixels = upright, Height = height, Width = width };
    }
}
