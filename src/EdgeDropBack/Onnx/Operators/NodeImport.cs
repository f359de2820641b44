using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>One node on its way into the graph: typed access to its inputs, and a place to put what it becomes.</summary>
sealed class NodeImport(GraphBuilder builder, OnnxNode node, int opset)
{
    public OnnxNode Node { get; } = node;

    /// <summary>Version of the operator set that the node is written in.</summary>
    public int Opset { get; } = opset;

    public GraphBuilder Builder => builder;

    public int InputCount => Node.Inputs.Count;

    public int OutputCount => Node.Outputs.Count;

    public bool Has(int input) => input < Node.Inputs.Count && Node.Inputs[input].Length > 0;

    public Operand Operand(int input)
    {
        if (!Has(input)) throw EdbException.Refused($"input {input} is missing; export the model again");
        return builder.Find(Node.Inputs[input]);
    }

    public Shape Shape(int input) => Operand(input).Shape;

    public OnnxDataType Type(int input) => Operand(input).Type;

    /// <summary>An output that somebody may read.</summary>
    public bool Gives(int output) => output < OutputCount && Node.Outputs[output].Length > 0;

    /// <summary>The input is known now: folded, or an initializer.</summary>
    public bool IsConstant(int input) => Has(input) && Operand(input).Value is null;

    /// <summary>All inputs are known now, and small enough to compute with.</summary>
    public bool CanFold()
    {
        for (var i = 0; i < InputCount; i++)
        {
            if (!Has(i)) continue;
            var operand = Operand(i);
            if (operand.Value is not null || operand.Shape.Count > ConstantTensor.MaxElements) return false;
            if (operand is { IsFloatInitializer: true, Shape.Rank: > 0, Shape.Count: > 1 }) return false;
        }
        return true;
    }

    public ConstantTensor Constant(int input)
    {
        var operand = Operand(input);
        if (operand.Constant is { } constant) return constant;
        ReadFixed(input);
        if (operand.Base is not null) return new(OnnxDataType.Float, operand.Shape, [.. operand.ReadFloats().Select(value => (double)value)]);
        if (operand.Initializer is { } tensor) return ConstantTensor.Read(tensor);
        throw EdbException.Refused($"input {input} ('{Node.Inputs[input]}') is computed at run time, and has to be a constant here; "
            + "export the model with fixed shapes");
    }

    public long[] Ints(int input) => Constant(input).ToInt64s();

    public float Float(int input)
    {
        var constant = Constant(input);
        ImportShapes.Expect(constant.Values.Length == 1, $"input {input} has {constant.Values.Length} numbers, expected 1");
        return (float)constant.Values[0];
    }

    /// <summary>Ints from an input where the opset has them there, else from the attribute; null where both are absent.</summary>
    public long[]? IntsFromInputOrAttribute(int input, string attribute) => Has(input) ? Ints(input) : Node.Ints(attribute)?.ToArray();

    /// <summary>
    /// The input as a value; a float initializer of more than one element is a trainable parameter, and one of a single element where the
    /// operator makes it one (a layer of one output has one bias).
    /// </summary>
    /// <exception cref="EdbException">Exit code 3: the input holds integers or truth values.</exception>
    public Value Value(int input)
    {
        var operand = Operand(input);
        ImportShapes.Expect(operand.IsFloat, $"input {input} ('{Node.Inputs[input]}') is {operand.Type}; "
            + "at run time only floating-point numbers are computed with, "
            + (operand.Type == OnnxDataType.String ? "put text into numbers outside the model" : "cast it in the exporting program"));
        return Placed(input, trainable: true, single: input > 0 && TakesParameters);
    }

    /// <summary>The same of any type: for operators that only move elements, or whose result is exact for integers below 2^24.</summary>
    public Value AnyValue(int input) => Placed(input, trainable: true);

    /// <summary>The same, expanded to a shape that it broadcasts to.</summary>
    public Value Expanded(int input, Shape shape) => Expanded(AnyValue(input), shape, input);

    /// <summary>A value with the elements of one of an input's axes repeated.</summary>
    public Value Expanded(Value value, Shape shape, int input) => value.Shape.Equals(shape) ? value
        : value.Shape.Count == shape.Count ? Intermediate($".reshaped{input}", new ViewOperator("Reshape"), shape, value)
        : Intermediate($".expanded{input}", Expand(value.Shape, shape), shape, value);

    static StridedViewOperator Expand(Shape from, Shape to) => new("Expand", StridedView.Expand(from.ToArray(), to.ToArray()));

    /// <summary>The input as a value that is never trained.</summary>
    public Value Frozen(int input) => Placed(input, trainable: false);

    Value Placed(int input, bool trainable, bool single = false)
    {
        var value = builder.ToValue(Operand(input), trainable, single);
        if (value.Constant is not null) ReadFixed(input);
        return value;
    }

    void ReadFixed(int input)
    {
        if (Node.Outputs.FirstOrDefault(output => output.Length > 0) is { } writer) builder.Shared.AddFixed(Operand(input), writer, input);
    }

    /// <summary>Adds a node and binds its value to output 0.</summary>
    public Value Emit(Operator @operator, Shape shape, params ReadOnlySpan<Value?> inputs)
        => Emit(OnnxDataType.Float, @operator, shape, inputs);

    /// <summary>The same where the file's type of the output is another.</summary>
    public Value Emit(OnnxDataType type, Operator @operator, Shape shape, params ReadOnlySpan<Value?> inputs)
    {
        var value = builder.Add(Name, @operator, inputs.ToArray(), Node.Outputs[0], shape);
        Bind(0, Onnx.Operand.Of(value, type));
        return value;
    }

    /// <summary>Adds a node in front of the one that the file names, with a value of its own.</summary>
    public Value Intermediate(string suffix, Operator @operator, Shape shape, params ReadOnlySpan<Value?> inputs)
        => builder.Add(Name + suffix, @operator, inputs.ToArray(), Node.Outputs[0] + suffix, shape);

    /// <summary>Adds a node with several outputs.</summary>
    public void EmitMany(OnnxDataType type, Operator @operator, IReadOnlyList<Shape> shapes, params ReadOnlySpan<Value?> inputs)
    {
        var values = builder.AddMany(Name, @operator, inputs.ToArray(), [.. shapes.Select((shape, i) => (OutputName(i), shape))]);
        for (var i = 0; i < values.Length; i++) Bind(i, Onnx.Operand.Of(values[i], type));
    }

    public void Bind(int output, Operand operand)
    {
        if (Gives(output)) builder.Bind(Node.Outputs[output], operand);
    }

    public void Fold(ConstantTensor constant) => Bind(0, Onnx.Operand.Of(constant));

    bool TakesParameters => Node.OpType is "Gemm" or "MatMul" or "Conv" or "ConvTranspose" or "PRelu" or "BatchNormalization" or "LayerNormalization"
        or "InstanceNormalization" or "GroupNormalization" or "RMSNormalization" or "RNN" or "GRU" or "LSTM";

    /// <summary>The node's name, or one made of its operator and place.</summary>
    public string Name => Node.Name.Length > 0 ? Node.Name : $"{Node.OpType}_{Node.Ordinal}";

    /// <summary>The name of an output, made up where the file gives none.</summary>
    public string OutputName(int index) => index < OutputCount && Node.Outputs[index].Length > 0 ? Node.Outputs[index] : $"{Name}.{index}";
}
