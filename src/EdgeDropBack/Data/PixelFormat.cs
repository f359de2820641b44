namespace EdgeDropBack.Data;

/// <summary>
/// Channel conversions of 8-bit pixels: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA. Alpha is dropped, or 255 where it is new.
/// </summary>
static class PixelFormat
{
    internal static byte[] Convert(byte[] source, int from, int to)
    {
        if (from == to)
            return source;
        var pixels = source.Length / from;
        var destination = new byte[(long)pixels * to];
        for (var p = 0; p < pixels; p++)
        {
            var pixel = source.AsSpan(p * from, from);
            var result = destination.AsSpan(p * to, to);
            if (to == 1)
                result[0] = Gray(pixel);
            else if (from <= 2)
                result[..3].Fill(pixel[0]);
            else
                pixel[..3].CopyTo(result);
            if (to == 4)
                result[3] = from == 2 ? pixel[1] : (byte)255;
        }
        return destination;
    }

    static byte Gray(ReadOnlySpan<byte> pixel) =>
        pixel.Length <= 2 ? pixel[0] : (byte)((77 * pixel[0] + 150 * pixel[1] + 29 * pixel[2] + 128) >> 8);
}
