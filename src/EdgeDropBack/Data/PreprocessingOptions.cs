namespace EdgeDropBack.Data;

/// <summary>
/// What the user asked for: <c>--size</c>, <c>--channels</c>, <c>--mean</c>, <c>--std</c>, <c>--layout</c>, <c>--dim</c>; null where left
/// to the model.
/// </summary>
public sealed record PreprocessingOptions
{
    public int? Height { get; init; }
    public int? Width { get; init; }
    public int? Channels { get; init; }
    public float[]? Mean { get; init; }
    public float[]? Std { get; init; }
    public ImageLayout? Layout { get; init; }

    /// <summary><c>--audio</c>.</summary>
    public AudioOptions? Audio { get; init; }

    /// <summary>Sizes of the dimensions that the model has names for.</summary>
    public IReadOnlyDictionary<string, int>? Dims { get; init; }

    public bool ScaleTo01 { get; init; } = true;
}
