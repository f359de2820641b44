namespace EdgeDropBack.Onnx;

/// <summary>A function defined in the model: a node that calls it stands for its nodes.</summary>
sealed class OnnxFunction
{
    public required string Name { get; init; }

    public required string Domain { get; init; }

    public required string Overload { get; init; }

    public required IReadOnlyList<string> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Attributes a caller must supply.</summary>
    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>Attributes with a default (IR 9).</summary>
    public required IReadOnlyList<OnnxAttribute> AttributeDefaults { get; init; }

    public required IReadOnlyList<OnnxNode> Nodes { get; init; }

    /// <summary>Operator sets the body is written in, by domain (empty for ai.onnx).</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>What a call stands for where the function is one of ours; null for any other, and for one of ours that was altered.</summary>
    internal BaseFunction? Base => (_base ??= new(BaseFunction.Recognise(this))).Value;

    Recognised? _base;

    sealed record Recognised(BaseFunction? Value);
}
