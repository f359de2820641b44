namespace EdgeDropBack.Onnx;

/// <summary>Element types of the weights that a file stores, under every name they are read by.</summary>
sealed class WeightTypes
{
    readonly Dictionary<string, OnnxDataType> _types = new(StringComparer.Ordinal);

    public WeightTypes(OnnxModel model) => Collect(model.Graph);

    /// <summary>What Identity nodes give that stand behind weights, in the graph and its branches.</summary>
    public HashSet<string> Copies { get; } = new(StringComparer.Ordinal);

    public OnnxDataType Of(string name) => _types.GetValueOrDefault(name, OnnxDataType.Float);

    void Collect(OnnxGraph graph)
    {
        foreach (var tensor in graph.Initializers) _types.TryAdd(tensor.Name, tensor.DataType);
        foreach (var node in graph.Nodes)
        {
            foreach (var attribute in node.Attributes)
                if (attribute.Graph is { } branch) Collect(branch);
            if (node.Outputs is not [var output, ..]) continue;
            if (node.OpType == "Constant" && node.Tensor("value") is { } value) _types.TryAdd(output, value.DataType);
            else if (node is { OpType: "DequantizeLinear", Inputs.Count: > 1 } && _types.TryGetValue(node.Inputs[1], out var scale)) _types.TryAdd(output, scale);
            else if (node is { OpType: "Identity", Inputs.Count: 1 } && _types.TryGetValue(node.Inputs[0], out var source) && _types.TryAdd(output, source)) Copies.Add(output);
        }
    }
}
