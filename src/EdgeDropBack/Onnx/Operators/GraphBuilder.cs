using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Collects nodes, values and parameters while a model is imported, and hands them over as a <see cref="Graph"/>.</summary>
/// <param name="batch">Samples in a batch.</param>
/// <param name="shared">Told how weights are read.</param>
/// <param name="declaredBatch">The batch size that the file fixes and that <paramref name="batch"/> takes the place of; 0 where it leaves it open.</param>
sealed class GraphBuilder(string file, int batch, int declaredBatch, SharedReads shared, ValueReaders readers, HeadReplacement? head)
{
    readonly Dictionary<string, Operand> _names = new(StringComparer.Ordinal);
    readonly Dictionary<string, Value> _parameterValues = new(StringComparer.Ordinal);
    readonly List<Parameter> _parameters = [];
    readonly List<Node> _nodes = [];
    int _values;
    long _folded;

    public string File { get; } = file;

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>How often the file reads each value.</summary>
    public ValueReaders Readers { get; } = readers;

    /// <summary>What takes the place of the last layer; null where that stays.</summary>
    public HeadReplacement? Head { get; } = head;

    public SharedReads Shared { get; } = shared;

    /// <summary>The nodes that are being made are a function's: the file has none of their names.</summary>
    public bool IsInFunction { get; set; }

    public bool HasParameter(string name) => _parameterValues.ContainsKey(name);

    /// <summary>A constant shape starts with the batch size that the file was exported with, where x has the one that is wanted.</summary>
    public bool IsDeclaredBatch(int[] dims, Shape x)
        => declaredBatch > 0 && declaredBatch != batch && dims.Length > 0 && dims[0] == declaredBatch && x.Rank > 0 && x[0] == batch;

    /// <summary>From now on weights that are no parameter yet are constants.</summary>
    public bool FreezesWeights { get; set; }

    /// <summary>Whether an operand may be read as a parameter.</summary>
    public bool CanBeParameter(Operand operand) => Shared.CanBeParameter(operand) && (!FreezesWeights || _parameterValues.ContainsKey(operand.InitializerName));

    public bool Knows(string name) => _names.ContainsKey(name);

    public Operand Find(string name) => _names.TryGetValue(name, out var operand)
        ? operand
        : throw EdbException.Refused($"no input, initializer or node in front provides value '{name}'; export the model again");

    public void Bind(string name, Operand operand)
    {
        _folded += operand.Constant?.Values.Length ?? 0;
        if (_folded > ConstantTensor.MaxTotal)
            throw EdbException.Refused($"the constants that are computed at load have more than {ConstantTensor.MaxTotal} elements; export the model with them folded");
        if (!_names.TryAdd(name, operand)) throw EdbException.Refused($"value '{name}' is written twice; export the model again");
    }

    /// <summary>What a name stands for under another name as well, that of a node's output.</summary>
    public void Rename(string name, string output)
    {
        var operand = Find(name);
        Bind(output, operand.Value is not { Kind: ValueKind.Activation } value ? operand
            : Operand.Of(Add(output, new ViewOperator("Identity"), [value], output, value.Shape), operand.ValueType));
    }

    public Value NewValue(string name, Shape shape, ValueKind kind = ValueKind.Activation) => new(_values++, name, shape, kind);

    /// <summary>A node and its value; a view of a constant is a constant.</summary>
    public Value Add(string name, Operator @operator, Value?[] inputs, string output, Shape shape)
    {
        if (@operator.IsView && inputs[0]!.Constant is { } constant) return ConstantValue(output, shape, constant);
        var value = NewValue(output, shape);
        _nodes.Add(new Node(name, @operator, inputs, [value]));
        return value;
    }

    public Value[] AddMany(string name, Operator @operator, Value?[] inputs, IReadOnlyList<(string Name, Shape Shape)> outputs)
    {
        var values = outputs.Select(output => NewValue(output.Name, output.Shape)).ToArray();
        _nodes.Add(new Node(name, @operator, inputs, values));
        return values;
    }

    public Value ConstantValue(string name, Shape shape, float[] values)
        => new(_values++, name, shape, ValueKind.Constant) { Constant = values };

    /// <summary>An operand as a value: itself, a constant, or a parameter on the initializer's mapped bytes.</summary>
    /// <param name="single">A tensor of one element is a parameter too: elsewhere such tensors are constants of the computation.</param>
    public Value ToValue(Operand operand, bool trainable, bool single = false)
    {
        if (operand.Value is { } value) return value;
        if (operand.Constant is { } constant) return ConstantValue($"constant{_values}", constant.Shape, Exact(constant));
        if (trainable && operand.Shape is { Rank: > 0, Count: > 0 } && (single || operand.Shape.Count > 1) && CanBeParameter(operand)) return ParameterValue(operand);
        if (!operand.IsTransposed) return ConstantValue(operand.InitializerName, operand.Shape, operand.ReadFloats());
        var stored = ConstantValue(operand.InitializerName, new Shape(operand.Shape[1], operand.Shape[0]), operand.ReadFloats());
        return Transposed(stored, operand);
    }

    /// <summary>Integers are carried as floats, which hold them exactly up to 2^24.</summary>
    static float[] Exact(ConstantTensor constant)
    {
        if (constant.IsInteger && constant.Values.FirstOrDefault(v => Math.Abs(v) > 1 << 24) is var large and not 0)
            throw EdbException.Refused($"integer {large} is needed at run time, where they go up to {1 << 24}; use smaller numbers");
        return constant.ToFloats();
    }

    /// <summary>The parameter behind an initializer, as it is stored: <see cref="Operand.IsTransposed"/> is the caller's to handle.</summary>
    public Value StoredParameter(Operand operand)
    {
        var @base = operand.Base ?? new InitializerBase(operand.Initializer!);
        if (_parameterValues.TryGetValue(operand.InitializerName, out var known))
        {
            ImportShapes.Expect(IsSame(known.Parameter!.Base, @base), $"initializer '{operand.InitializerName}' is read elsewhere with other scales; "
                + "give each of them an initializer of its own");
            return known;
        }
        var shape = operand.IsTransposed ? new Shape(operand.Shape[1], operand.Shape[0]) : operand.Shape;
        var parameter = new Parameter(_parameters.Count, operand.InitializerName, shape, @base);
        _parameters.Add(parameter);
        var value = new Value(_values++, parameter.Name, shape, ValueKind.Parameter) { Parameter = parameter };
        _parameterValues.Add(parameter.Name, value);
        return value;
    }

    static bool IsSame(ParameterBase a, ParameterBase b) => a.Kind == b.Kind
        && (a is not QuantizedBase one || (b is QuantizedBase other && one.Quantization.Matches(other.Quantization)));

    Value ParameterValue(Operand operand)
    {
        var stored = StoredParameter(operand);
        return operand.IsTransposed ? Transposed(stored, operand) : stored;
    }

    Value Transposed(Value stored, Operand operand)
        => Add(stored.Name + ".transposed", new TransposeOperator(stored.Shape, [1, 0]), [stored], stored.Name + ".transposed", operand.Shape);

    public Graph Finish(string name, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<string> outputNames, IReadOnlyList<FixedRead> fixedReads,
        Value? trained = null)
    {
        var nodes = ParameterReads.Insert(QuantizePairs.Join(_nodes, outputs), NewValue);
        return new Graph
        {
            Name = name,
            Batch = batch,
            Inputs = inputs,
            Outputs = outputs,
            OutputNames = outputNames,
            TrainedOutput = trained,
            Nodes = nodes,
            Parameters = _parameters,
            ValueCount = _values,
            FixedReads = fixedReads,
            Copies = Shared.Copies,
        };
    }
}
