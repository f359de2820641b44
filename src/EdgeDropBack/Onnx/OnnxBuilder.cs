using EdgeDropBack.Files;

namespace EdgeDropBack.Onnx;

/// <summary>Writes a model from scratch: inputs, initializers, nodes, outputs. A valid graph passes onnx.checker.</summary>
/// <example><code>
/// var b = new OnnxBuilder();
/// b.Input("x", OnnxDataType.Float, "N", 784);
/// b.Initializer("w", weights, 784, 10);
/// b.Node("MatMul", ["x", "w"], ["y"]);
/// b.Output("y", OnnxDataType.Float, "N", 10);
/// b.Write("model.onnx");
/// </code></example>
sealed class OnnxBuilder(string graphName = "graph", long irVersion = 8, long opset = 17)
{
    readonly List<ProtoWriter> _initializers = [];
    readonly List<ProtoWriter> _inputs = [];
    readonly List<ProtoWriter> _outputs = [];
    readonly List<ProtoWriter> _values = [];
    readonly List<OnnxNodeBuilder> _nodes = [];
    readonly List<ProtoWriter> _opsets = [];
    readonly List<ProtoWriter> _metadata = [];
    readonly List<OnnxFunctionBuilder> _functions = [];

    public OnnxBuilder Input(string name, OnnxDataType type, params OnnxDim[] dims) =>
        Add(_inputs, ProtoMessages.ValueInfo(name, type, dims));

    public OnnxBuilder Output(string name, OnnxDataType type, params OnnxDim[] dims) =>
        Add(_outputs, ProtoMessages.ValueInfo(name, type, dims));

    public OnnxBuilder ValueInfo(string name, OnnxDataType type, params OnnxDim[] dims) =>
        Add(_values, ProtoMessages.ValueInfo(name, type, dims));

    /// <summary>An fp32 initializer.</summary>
    public OnnxBuilder Initializer(string name, ReadOnlySpan<float> values, params long[] dims) =>
        Add(_initializers, ProtoMessages.Tensor(name, values, Checked(name, dims, values.Length)));

    /// <summary>An int64 initializer.</summary>
    public OnnxBuilder Initializer(string name, ReadOnlySpan<long> values, params long[] dims) =>
        Add(_initializers, ProtoMessages.Tensor(name, values, Checked(name, dims, values.Length)));

    /// <summary>An initializer from raw little-endian bytes.</summary>
    public OnnxBuilder Initializer(string name, OnnxDataType type, ReadOnlySpan<byte> raw, params long[] dims)
    {
        if (!type.TryByteCount(ProtoMessages.Count(dims), out long bytes) || bytes != raw.Length)
            throw new ArgumentException($"initializer \"{name}\": [{string.Join(",", dims)}] takes {bytes} bytes, given {raw.Length}");
        return Add(_initializers, ProtoMessages.Tensor(name, type, raw, dims));
    }

    /// <summary>A floating-point initializer whose values are asked for, in order and in chunks, while the model is written.</summary>
    public OnnxBuilder Initializer(string name, OnnxDataType type, Action<long, Span<float>> read, params long[] dims) =>
        Add(_initializers, ProtoMessages.Tensor(name, type, dims, read));

    /// <summary>Adds a node; its attributes follow on the result.</summary>
    public OnnxNodeBuilder Node(
        string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, string name = "", string domain = "")
    {
        var node = new OnnxNodeBuilder(opType, inputs, outputs, name, domain);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Adds a function; import its domain with <see cref="Opset"/>.</summary>
    public OnnxFunctionBuilder Function(
        string domain, string name, IEnumerable<string> inputs, IEnumerable<string> outputs, params IEnumerable<string> attributes)
    {
        var function = new OnnxFunctionBuilder(domain, name, inputs, outputs, attributes, opset);
        _functions.Add(function);
        return function;
    }

    /// <summary>Imports a further operator set.</summary>
    public OnnxBuilder Opset(string domain, long version) => Add(_opsets, ProtoMessages.Opset(domain, version));

    public OnnxBuilder Metadata(string key, string value) => Add(_metadata, ProtoMessages.Entry(key, value));

    public void Write(Stream destination) => ModelMessage().WriteTo(destination);

    public void Write(string path) => AtomicFile.Write(path, Write);

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }

    internal ProtoWriter GraphMessage()
    {
        var graph = new ProtoWriter();
        foreach (OnnxNodeBuilder node in _nodes) graph.Message(1, node.Message);
        graph.String(2, graphName);
        AddAll(graph, 5, _initializers);
        AddAll(graph, 11, _inputs);
        AddAll(graph, 12, _outputs);
        AddAll(graph, 13, _values);
        return graph;
    }

    /// <summary>ModelProto; opset_import and functions go before the graph, so that a file cut short is never a valid model.</summary>
    ProtoWriter ModelMessage()
    {
        ProtoWriter model = new ProtoWriter().Varint(1, irVersion).String(2, "EdgeDropBack").Message(8, ProtoMessages.Opset("", opset));
        AddAll(model, 8, _opsets);
        AddAll(model, 14, _metadata);
        foreach (OnnxFunctionBuilder function in _functions) model.Message(25, function.Message());
        ProtoWriter graph = GraphMessage();
        if (model.Length + graph.Length > int.MaxValue - 16)
            throw EdbException.Failed($"graph \"{graphName}\" takes {graph.Length} bytes, more than {int.MaxValue}; use a smaller model");
        return model.Message(7, graph);
    }

    static void AddAll(ProtoWriter to, int field, List<ProtoWriter> messages)
    {
        foreach (ProtoWriter message in messages) to.Message(field, message);
    }

    static long[] Checked(string name, long[] dims, int count) => ProtoMessages.Count(dims) == count
        ? dims
        : throw new ArgumentException($"initializer \"{name}\": [{string.Join(",", dims)}] takes other than the {count} elements given");

    OnnxBuilder Add(List<ProtoWriter> list, ProtoWriter message)
    {
        list.Add(message);
        return this;
    }
}
