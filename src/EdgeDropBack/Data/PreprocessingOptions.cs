namespace EdgeDropBack.Data;

/// <summary>
/// What the user asked for: <c>--size</c>, <c>--channels</c>, <c>--mean</c>, <c>--std</c>, <c>--layout</c>; null where left to the model.
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

    public bool ScaleTo01 { get; init; } = true;
}
