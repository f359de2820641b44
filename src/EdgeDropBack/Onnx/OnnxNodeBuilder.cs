using System.Text;

namespace EdgeDropBack.Onnx;

/// <summary>Adds attributes to a node that is being built.</summary>
sealed class OnnxNodeBuilder
{
    readonly ProtoWriter _node = new();

    internal OnnxNodeBuilder(string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, string name, string domain)
    {
        foreach (string input in inputs) _node.String(1, input);
        foreach (string output in outputs) _node.String(2, output);
        _node.OptionalString(3, name).String(4, opType).OptionalString(7, domain);
    }

    internal ProtoWriter Message => _node;

    public OnnxNodeBuilder Int(string name, long value) => Add(Attribute(name, OnnxAttributeType.Int).Varint(3, value));

    public OnnxNodeBuilder Float(string name, float value) => Add(Attribute(name, OnnxAttributeType.Float).Single(2, value));

    public OnnxNodeBuilder String(string name, string value) => Add(Attribute(name, OnnxAttributeType.String).String(4, value));

    public OnnxNodeBuilder Ints(string name, params IEnumerable<long> values) =>
        Add(Attribute(name, OnnxAttributeType.Ints).Varints(8, values));

    public OnnxNodeBuilder Floats(string name, params ReadOnlySpan<float> values)
    {
        ProtoWriter attribute = Attribute(name, OnnxAttributeType.Floats);
        foreach (float value in values) attribute.Single(7, value);
        return Add(attribute);
    }

    public OnnxNodeBuilder Strings(string name, params ReadOnlySpan<string> values)
    {
        ProtoWriter attribute = Attribute(name, OnnxAttributeType.Strings);
        foreach (string value in values) attribute.Bytes(9, Encoding.UTF8.GetBytes(value));
        return Add(attribute);
    }

    /// <summary>An fp32 tensor attribute.</summary>
    public OnnxNodeBuilder Tensor(string name, ReadOnlySpan<float> values, params long[] dims) =>
        Add(Attribute(name, OnnxAttributeType.Tensor).Message(5, ProtoMessages.Tensor("", values, dims)));

    /// <summary>An int64 tensor attribute.</summary>
    public OnnxNodeBuilder Tensor(string name, ReadOnlySpan<long> values, params long[] dims) =>
        Add(Attribute(name, OnnxAttributeType.Tensor).Message(5, ProtoMessages.Tensor("", values, dims)));

    /// <summary>A graph attribute, such as a branch of If.</summary>
    public OnnxNodeBuilder Graph(string name, OnnxBuilder body) =>
        Add(Attribute(name, OnnxAttributeType.Graph).Message(6, body.GraphMessage()));

    /// <summary>Inside a function: the attribute takes the value of the function's attribute <paramref name="outer"/>.</summary>
    public OnnxNodeBuilder Reference(string name, OnnxAttributeType type, string outer) => Add(Attribute(name, type).String(21, outer));

    static ProtoWriter Attribute(string name, OnnxAttributeType type) => new ProtoWriter().String(1, name).Varint(20, (int)type);

    OnnxNodeBuilder Add(ProtoWriter attribute)
    {
        _node.Message(5, attribute);
        return this;
    }
}
