namespace EdgeDropBack.Data;

/// <summary>
/// Stretches 8-bit images with a triangle filter that widens when it shrinks (antialiasing), horizontally then vertically, in the
/// fixed-point
/// arithmetic of Pillow's BILINEAR (libImaging/Resample.c): the same bytes on every machine.
/// </summary>
static class ImageResizer
{
    const int PrecisionBits = 32 - 8 - 2;

    /// <param name="source">[height, width, channels].</param>
    /// <param name="height">Source rows.</param>
    /// <param name="width">Source columns.</param>
    /// <param name="channels">Of both.</param>
    /// <param name="newHeight">Destination rows.</param>
    /// <param name="newWidth">Destination columns.</param>
    /// <returns>[newHeight, newWidth, channels]; the source itself where the size is the same.</returns>
    internal static byte[] Resize(byte[] source, int height, int width, int channels, int newHeight, int newWidth)
    {
        if (newWidth != width)
            source = Pass(source, height, width, newWidth, channels);
        return newHeight == height ? source : Pass(source, 1, height, newHeight, newWidth * channels);
    }

    /// <summary>[outer, size, inner] to [outer, newSize, inner].</summary>
    static byte[] Pass(byte[] source, int outer, int size, int newSize, int inner)
    {
        var destination = new byte[(long)outer * newSize * inner];
        var scale = (double)size / newSize;
        var filterScale = Math.Max(scale, 1.0);
        var weights = new int[(int)Math.Ceiling(filterScale) * 2 + 1];
        for (var to = 0; to < newSize; to++)
        {
            var (first, taps) = Weights(weights, size, (to + 0.5) * scale, filterScale);
            for (var o = 0; o < outer; o++)
            {
                var from = source.AsSpan((o * size + first) * inner, taps * inner);
                var row = destination.AsSpan((o * newSize + to) * inner, inner);
                for (var i = 0; i < row.Length; i++)
                {
                    var sum = 1 << (PrecisionBits - 1);
                    for (var tap = 0; tap < taps; tap++)
                        sum += from[tap * inner + i] * weights[tap];
                    row[i] = (byte)Math.Clamp(sum >> PrecisionBits, 0, 255);
                }
            }
        }
        return destination;
    }

    static (int First, int Taps) Weights(int[] weights, int size, double center, double filterScale)
    {
        var first = Math.Max(0, (int)(center - filterScale + 0.5));
        var taps = Math.Min(size, (int)(center + filterScale + 0.5)) - first;
        Span<double> exact = taps <= 256 ? stackalloc double[taps] : new double[taps];
        var total = 0.0;
        for (var tap = 0; tap < taps; tap++)
        {
            exact[tap] = Math.Max(0.0, 1.0 - Math.Abs((tap + first - center + 0.5) / filterScale));
            total += exact[tap];
        }
        for (var tap = 0; tap < taps; tap++)
            weights[tap] = (int)(0.5 + exact[tap] / total * (1 << PrecisionBits));
        return (first, taps);
    }
}
