namespace EdgeDropBack.Data;

/// <summary>Where an image's pixels stand in a sample.</summary>
readonly record struct ImageGeometry(int Channels, int Height, int Width, ImageLayout Layout)
{
    public int At(int channel, int y, int x) => Layout == ImageLayout.Nchw ? (channel * Height + y) * Width + x : (y * Width + x) * Channels + channel;

    /// <summary>The images of a model's input.</summary>
    /// <exception cref="EdbException">Exit code 2: the input is none.</exception>
    public static ImageGeometry Of(Preprocessing preprocessing) => preprocessing is { Channels: > 0, Height: { } height, Width: { } width }
        ? new(preprocessing.Channels, height, width, preprocessing.Layout)
        : throw EdbException.Usage($"--augment changes images, and the model's input {Printable.Shape(preprocessing.InputShape)} is none; leave it out");
}
