using System.CommandLine;
using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli;

/// <summary>How samples become a model's input: the options, and what they make of a model that leaves its input size open.</summary>
sealed class InputSettings
{
    readonly Setting<(int Height, int Width)> _size = new("--size", "N|HxW", null, "Image size, where the model leaves it open",
        Preprocessing.ParseSize);
    readonly Setting<int> _channels = new("--channels", "1|3|4", null, "Image channels, where the model leaves them open",
        Values.Int("--channels", 1));
    readonly Setting<ImageLayout?> _layout = new("--layout", "nchw|nhwc", null, "Image layout, where the model's shape does not tell",
        text => Values.OneOf("--layout", ("nchw", ImageLayout.Nchw), ("nhwc", ImageLayout.Nhwc))(text));
    readonly Setting<float[]> _mean = new("--mean", "M[,M...]", null, "Subtracted from images after scaling to 0..1",
        Values.Floats("--mean"));
    readonly Setting<float[]> _std = new("--std", "S[,S...]", null, "Divides images after that", Values.Floats("--std"));

    readonly Setting<AudioOptions> _audio = new("--audio", "SETTINGS", null,
        "How recordings become features: rate=HZ, window=MS, hop=MS, low=HZ, high=HZ, layout=frames-bands|bands-frames, joined by commas",
        AudioOptions.Parse);

    readonly Setting<IReadOnlyDictionary<string, int>?> _dims = new("--dim", "NAME=N[,...]", null,
        "Sizes of dimensions that the model has names for, such as a sequence's length", Values.Sizes("--dim"));

    /// <summary>Those that say how large an input is.</summary>
    public IEnumerable<Option> Geometry => [_size, _channels, _layout, _dims];

    public IEnumerable<Option> All => [_size, _channels, _layout, _mean, _std, _audio, _dims];

    public bool IsGiven(ParseResult parse) => All.Any(option => parse.GetResult(option) is { Implicit: false });

    public PreprocessingOptions Read(ParseResult parse)
    {
        var size = _size.IsGiven(parse) ? _size.In(parse) : default((int Height, int Width)?);
        return new()
        {
            Height = size?.Height,
            Width = size?.Width,
            Channels = _channels.IsGiven(parse) ? _channels.In(parse) : null,
            Layout = _layout.In(parse),
            Mean = _mean.In(parse),
            Std = _std.In(parse),
            Audio = _audio.In(parse),
            Dims = _dims.In(parse),
        };
    }

    /// <summary>Import options with the sample shape that --size gives a model whose first input is open.</summary>
    public ImportOptions ImportOptions(ParseResult parse, OnnxModel model, int batch)
    {
        var first = model.Graph.Inputs.FirstOrDefault(input => model.Graph.Initializer(input.Name) is null);
        var named = _dims.In(parse) ?? new Dictionary<string, int>();
        if (!_size.IsGiven(parse) || first?.Dims is not { Count: > 1 } dims) return new() { Batch = batch, Dims = named };
        var preprocessing = Preprocessing.ForModel([.. dims.Select(dim => (int)Math.Clamp(dim.Value ?? -1, -1, int.MaxValue))],
            Read(parse));
        return new() { Batch = batch, Dims = named, SampleShapes = new Dictionary<string, int[]> { [""] = preprocessing.ImageShape() } };
    }
}
