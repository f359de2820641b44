namespace EdgeDropBack.Onnx;

/// <summary>Builds a function of the model: FunctionProto (IR 8).</summary>
sealed class OnnxFunctionBuilder
{
    readonly ProtoWriter _function = new();
    readonly List<OnnxNodeBuilder> _nodes = [];
    readonly string _domain;
    readonly long _opset;

    internal OnnxFunctionBuilder(
        string domain, string name, IEnumerable<string> inputs, IEnumerable<string> outputs, IEnumerable<string> attributes, long opset)
    {
        (_domain, _opset) = (domain, opset);
        _function.String(1, name);
        foreach (string input in inputs) _function.String(4, input);
        foreach (string output in outputs) _function.String(5, output);
        foreach (string attribute in attributes) _function.String(6, attribute);
    }

    /// <summary>Adds a node to the body.</summary>
    public OnnxNodeBuilder Node(
        string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, string name = "", string domain = "")
    {
        var node = new OnnxNodeBuilder(opType, inputs, outputs, name, domain);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Imports a further operator set, such as that of other functions.</summary>
    public OnnxFunctionBuilder Import(string domain, long version)
    {
        _function.Message(9, ProtoMessages.Opset(domain, version));
        return this;
    }

    internal ProtoWriter Message()
    {
        ProtoWriter message = _function;
        foreach (OnnxNodeBuilder node in _nodes) message.Message(7, node.Message);
        _nodes.Clear();
        return message.Message(9, ProtoMessages.Opset("", _opset)).String(10, _domain);
    }
}
