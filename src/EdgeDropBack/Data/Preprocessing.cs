using System.Globalization;

namespace EdgeDropBack.Data;

/// <summary>
/// How samples become a model's input. uint8 data and images: value / 255 (unless <see cref="ScaleTo01"/> is off), minus mean, over std, by
/// channel.
/// Other arrays and CSV are taken as they are unless mean or std is given. Images are stretched to the size (Pillow's antialiased bilinear
/// filter),
/// alpha is dropped, gray is repeated, colour becomes (77 R + 150 G + 29 B) / 256; EXIF rotation is not applied.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>The model's input without the batch axis; -1 where the model leaves it open.</summary>
    public int[] InputShape { get; init; } = [];

    public int? Height { get; init; }
    public int? Width { get; init; }

    /// <summary>1, 3 or 4; 0 where neither model nor option says.</summary>
    public int Channels { get; init; }

    /// <summary>Empty, one for all channels, or one a channel; in units after the 0..1 scaling.</summary>
    public float[] Mean { get; init; } = [];

    /// <summary>Empty, one for all channels, or one a channel; never 0.</summary>
    public float[] Std { get; init; } = [];

    public ImageLayout Layout { get; init; }
    public bool ScaleTo01 { get; init; } = true;

    /// <summary>
    /// uint8 arrays of another image size or channel count are converted too, rather than refused: set by asking for a size.
    /// </summary>
    public bool ConvertArrays { get; init; }

    /// <summary>How recordings become the model's input; null where the samples are none.</summary>
    public AudioFeatures? Audio { get; init; }

    /// <summary>Shape of an image as the model takes it; the size must be known.</summary>
    internal int[] ImageShape() => InputShape.Length == 1 ? [Height!.Value * Width!.Value * Channels]
        : InputShape.Length == 2 ? [Height!.Value, Width!.Value]
        : Layout == ImageLayout.Nchw ? [Channels, Height!.Value, Width!.Value]
        : [Height!.Value, Width!.Value, Channels];

    /// <summary>
    /// Size, channels and layout from a model's input shape: [N,C,H,W] or [N,H,W,C] with C in {1, 3, 4} (the first where both fit),
    /// [N,H,W],
    /// or flat [N,H*W] with H = W. Options that are given come first.
    /// </summary>
    /// <param name="inputShape">With the batch axis; values below 1 are open.</param>
    /// <param name="options">What the user asked for.</param>
    public static Preprocessing ForModel(ReadOnlySpan<int> inputShape, PreprocessingOptions options)
    {
        if (inputShape.Length < 2)
            throw EdbException.Refused($"the model's input {Printable.Shape(inputShape)} has no batch axis before the sample's; "
                + "export it with one");
        var sample = inputShape[1..].ToArray();
        for (var i = 0; i < sample.Length; i++)
            sample[i] = sample[i] < 1 ? -1 : sample[i];
        var channelsLast = sample is [not (1 or 3 or 4), _, 1 or 3 or 4];
        var layout = options.Layout ?? (channelsLast ? ImageLayout.Nhwc : ImageLayout.Nchw);
        var (channels, height, width) = Geometry(sample, layout);
        var result = new Preprocessing
        {
            InputShape = sample,
            Height = Agree("--size (height)", options.Height, height, sample),
            Width = Agree("--size (width)", options.Width, width, sample),
            Channels = Agree("--channels", options.Channels, channels, sample) ?? 0,
            Mean = options.Mean ?? [],
            Std = options.Std ?? [],
            Layout = layout,
            ScaleTo01 = options.ScaleTo01,
            ConvertArrays = options.Height is not null || options.Channels is not null,
        };
        result.Check();
        return result;
    }

    /// <summary>Whether an image size means something for an input: two to four dimensions that can be channels, height and width, or one of their product.</summary>
    internal static bool TakesSize(ReadOnlySpan<int> inputShape, PreprocessingOptions options)
    {
        var layout = options.Layout ?? (inputShape is [_, not (1 or 3 or 4), _, 1 or 3 or 4] ? ImageLayout.Nhwc : ImageLayout.Nchw);
        return inputShape.Length switch
        {
            2 when inputShape[1] < 1 => options.Channels is not null,
            2 => inputShape[1] % ((long)options.Height! * options.Width!) == 0 && inputShape[1] / ((long)options.Height * options.Width) is 1 or 3 or 4,
            3 => true,
            4 => inputShape[layout == ImageLayout.Nchw ? 1 : 3] is < 1 or 1 or 3 or 4,
            _ => false,
        };
    }

    /// <summary>Reads <c>--size</c>: <c>224</c>, or <c>HEIGHTxWIDTH</c>.</summary>
    public static (int Height, int Width) ParseSize(string text)
    {
        var parts = text.Split('x');
        var ok = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var height);
        var width = height;
        if (parts.Length > 1)
            ok &= int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out width) && parts.Length == 2;
        return ok && height is > 0 and <= DataLimits.MaxTargetSide && width is > 0 and <= DataLimits.MaxTargetSide
            ? (height, width)
            : throw EdbException.Usage($"--size {Printable.Name(text)}: expected a number such as 224, or HEIGHTxWIDTH such as 96x128");
    }

    /// <summary>Refuses values that cannot be used, such as a std of 0.</summary>
    internal void Check()
    {
        if (Audio is { } audio)
        {
            audio.Check();
            if ((long?)Height * Width != (long)audio.Frames * audio.Bands || Channels > 1)
                throw EdbException.Usage($"--audio: {audio.Frames} frames of {audio.Bands} bands do not fit the model's input {Printable.Shape(InputShape)}");
        }
        foreach (var (option, values) in new[] { ("--mean", Mean), ("--std", Std) })
        {
            if (values.Length > 1 && values.Length != Channels)
                throw EdbException.Usage($"{option} has {values.Length} values, expected 1 or one for each of {Channels} channels");
            foreach (var value in values)
                if (!float.IsFinite(value) || (option == "--std" && value == 0))
                    throw EdbException.Usage($"{option} {value.ToString(CultureInfo.InvariantCulture)}: expected a finite number, for "
                        + "--std not 0");
        }
        if (Channels is not (0 or 1 or 3 or 4))
            throw EdbException.Usage($"--channels {Channels}: expected 1, 3 or 4");
        if (Height is < 1 || Width is < 1)
            throw EdbException.Usage($"--size {Height}x{Width}: expected at least 1x1");
        if (InputShape is [> 0] && Channels > 0 && (long?)Height * Width * Channels is { } count && count != InputShape[0])
            throw EdbException.Usage($"--size {Height}x{Width} with {Channels} channels is {count} values, the model takes "
                + $"{InputShape[0]}");
    }

    static (int? Channels, int? Height, int? Width) Geometry(int[] sample, ImageLayout layout)
    {
        int? channels, height, width;
        switch (sample.Length)
        {
            case 3:
                (channels, height, width) = layout == ImageLayout.Nchw
                    ? (sample[0], sample[1], sample[2])
                    : (sample[2], sample[0], sample[1]);
                return channels is -1 or 1 or 3 or 4 ? (Known(channels), Known(height), Known(width)) : (null, null, null);
            case 2:
                return (1, Known(sample[0]), Known(sample[1]));
            case 1 when sample[0] > 0:
                var side = (int)Math.Sqrt(sample[0]);
                return side * side == sample[0] ? (1, side, side) : (null, null, null);
            default:
                return (null, null, null);
        }
    }

    static int? Known(int? extent) => extent > 0 ? extent : null;

    static int? Agree(string option, int? asked, int? model, int[] sample) =>
        asked is null || model is null || asked == model || sample.Length == 1
            ? asked ?? model
            : throw EdbException.Usage($"{option} {asked} does not fit the model's input {Printable.Shape(sample)}, which needs "
            + $"{model}; leave it out");
}
