using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>
/// A function of the model whose call stands for a weight tensor that is computed, never stored. Its body is the computation in standard
/// operators, for runtimes that know functions and nothing of this one; here the call becomes a base.
/// </summary>
/// <param name="Name">In domain <see cref="Domain"/>.</param>
/// <param name="Distribution">What the calls' values follow.</param>
sealed record BaseFunction(string Name, Distribution Distribution)
{
    public const string Domain = "edgedropback";
    public const long DomainVersion = 1;

    /// <summary>BitwiseAnd and BitwiseXor came with opset 18, functions with IR 8.</summary>
    public const long Opset = 18, IrVersion = 8;

    public const string Seed = "seed", Tensor = "tensor", Scale = "scale", Shape = "shape", Value = "value";

    public static BaseFunction Normal { get; } = new("SeededNormal", Distribution.Normal);

    public static BaseFunction Uniform { get; } = new("SeededUniform", Distribution.Uniform);

    /// <summary>Every value is the call's: scales and shifts before they are trained.</summary>
    public static BaseFunction Filled { get; } = new("Filled", Distribution.Constant);

    public static IReadOnlyList<BaseFunction> All { get; } = [Normal, Uniform, Filled];

    readonly Lazy<string> _text = new(() => FunctionText.Of(Parsed(Name)), LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Attributes of a call.</summary>
    public IReadOnlyList<string> Attributes => Distribution == Distribution.Constant ? [Shape, Value] : [Seed, Tensor, Shape, Scale];

    /// <summary>The function that has this one's name and, word for word, its body; null where either differs.</summary>
    public static BaseFunction? Recognise(OnnxFunction function)
        => Claimed(function) is { } claimed && FunctionText.Of(function) == claimed._text.Value ? claimed : null;

    /// <summary>The function whose name this one has, whatever its body.</summary>
    public static BaseFunction? Claimed(OnnxFunction function)
        => function.Domain == Domain ? All.FirstOrDefault(known => known.Name == function.Name) : null;

    public override string ToString() => $"{Domain}.{Name}";

    /// <summary>
    /// What the reader makes of the body that is written, so that both sides of the comparison went the same way; in a domain where nothing
    /// is recognised.
    /// </summary>
    static OnnxFunction Parsed(string name)
    {
        const string Apart = "bodies";
        var builder = new OnnxBuilder(Apart, IrVersion, Opset).Opset(Apart, DomainVersion);
        BaseFunctionBodies.Add(builder, All.First(known => known.Name == name), Apart);
        using var model = OnnxModel.Open(builder.ToBytes());
        return model.Functions[0];
    }
}
