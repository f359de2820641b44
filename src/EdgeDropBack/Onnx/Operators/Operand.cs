using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>What a name stands for while the graph is made: exactly one of a value, a folded constant, or weights not yet placed.</summary>
sealed class Operand
{
    public Value? Value { get; init; }

    public ConstantTensor? Constant { get; init; }

    public OnnxTensor? Initializer { get; init; }

    /// <summary>The name under which the initializer stands in the file.</summary>
    public string InitializerName { get; init; } = "";

    /// <summary>The initializer is a matrix that a Transpose stood behind.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>
    /// What the parameter is based on instead of the initializer's bytes; null where those are. Weights that a function computes have this
    /// and no initializer.
    /// </summary>
    public ParameterBase? Base { get; init; }

    /// <summary>
    /// Integers that a QuantizeLinear made of weights: the same weights, rounded, which a DequantizeLinear gives back. Nothing else can read them.
    /// </summary>
    public Operand? Rounded { get; init; }

    public required Shape Shape { get; init; }

    /// <summary>Element type in the file. At run time all values are float32; integers and truth values are carried as such.</summary>
    public OnnxDataType Type => Constant?.Type ?? (Base is null ? Initializer?.DataType : null) ?? ValueType;

    /// <summary>The type of <see cref="Value"/>, or of <see cref="Base"/>.</summary>
    public OnnxDataType ValueType { get; init; } = OnnxDataType.Float;

    public bool IsFloat => Type.IsFloatingPoint();

    /// <summary>Floating-point weights of the file, stored or computed by one of its functions.</summary>
    public bool IsFloatInitializer => (Initializer is not null || Base is not null) && IsFloat;

    /// <summary>Weights whose values are never copied: they can be trained.</summary>
    public bool CanBeParameter => !IsFrozen && (Base is not null || (Initializer is { } tensor && InitializerBase.Takes(tensor)));

    /// <summary>Never trained: something reads it that would not see the change.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>The same weights under another name.</summary>
    public Operand Named(string name) => new()
    {
        Initializer = Initializer,
        InitializerName = name,
        Base = Base,
        Shape = Shape,
        ValueType = ValueType,
        IsFrozen = IsFrozen,
    };

    /// <summary>The same, never trained.</summary>
    public Operand Frozen() => Initializer is null ? this : new()
    {
        Initializer = Initializer,
        InitializerName = InitializerName,
        IsTransposed = IsTransposed,
        Base = Base,
        Rounded = Rounded,
        Shape = Shape,
        ValueType = ValueType,
        IsFrozen = true,
    };

    /// <summary>The initializer's own values where a new last layer takes its place.</summary>
    public Operand AsStored() => Base is RegeneratedParameterBase or ZeroParameterBase && Initializer is { } tensor ? Of(tensor, InitializerName, IsFrozen) : this;

    /// <summary>All values, as they are stored.</summary>
    public float[] ReadFloats()
    {
        if (Rounded is not null)
            throw EdbException.Refused("weights are quantized here and not dequantized by the next node; export the model in QDQ form");
        if (Base is null) return Initializer!.ReadFloats();
        var values = new float[Shape.Count];
        Base.Source(values.Length).CopyTo(0, values);
        return values;
    }

    public static Operand Of(Value value, OnnxDataType type = OnnxDataType.Float)
        => new() { Value = value, Shape = value.Shape, ValueType = type };

    public static Operand Of(ConstantTensor constant) => new() { Constant = constant, Shape = constant.Shape };

    public static Operand Of(OnnxTensor tensor, string name, bool isFrozen = false)
        => new() { Initializer = tensor, InitializerName = name, Shape = ImportShapes.ToShape(tensor.Dims, tensor.ToString()), IsFrozen = isFrozen };
}
