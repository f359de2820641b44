namespace EdgeDropBack.Data;

/// <summary>An 8-bit image: [Height, Width, Channels].</summary>
readonly record struct DecodedImage(byte[] Pixels, int Height, int Width, int Channels)
{
    /// <summary>What was tolerated in the file; null for nothing.</summary>
    internal string? Note { get; init; }

    /// <summary>The pixels at the model's size, channels and layout.</summary>
    internal byte[] Fit(Preprocessing target)
    {
        var pixels = PixelFormat.Convert(Pixels, Channels, target.Channels);
        pixels = ImageResizer.Resize(pixels, Height, Width, target.Channels, target.Height!.Value, target.Width!.Value);
        return target.Layout == ImageLayout.Nhwc || target.Channels == 1
            ? pixels
            : ElementOrder.TransposeEach(pixels, 1, 1, target.Height.Value * target.Width.Value, target.Channels);
    }
}
