using System.CommandLine;
using EdgeDropBack.Data;
using EdgeDropBack.Onnx;
using EdgeDropBack.Training;

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

    readonly Setting<IReadOnlyDictionary<string, int>?> _dims = new("--dim", "DIM=N[,...]", null,
        "Sizes of open dimensions, such as a sequence's length: T=24 by its name in the file, x:1=24 by input and axis", Values.Sizes("--dim"));

    /// <summary>Those that say how large an input is.</summary>
    public IEnumerable<Option> Geometry => [_size, _channels, _layout, _dims];

    public Option Dims => _dims;

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
        var given = Read(parse);
        var options = new ImportOptions { Batch = batch, Dims = given.Dims ?? new Dictionary<string, int>() };
        if ((given.Height ?? given.Channels) is null || ModelInputs.Of(model).FirstOrDefault() is not { Dims: not null } first) return options;
        var preprocessing = DataPreparation.ForInput(model, first, given);
        if (preprocessing.Height is null || preprocessing.Width is null) return options;
        return preprocessing.Channels == 0
            ? throw EdbException.Usage($"{model.Path}: input '{Printable.Name(first.Name)}' leaves the number of channels open; give it with --channels")
            : options with { SampleShapes = new Dictionary<string, int[]> { [""] = preprocessing.ImageShape() } };
    }
}
