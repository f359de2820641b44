namespace EdgeDropBack.Onnx;

/// <summary>The nodes of a graph and its branches that were exported in training mode.</summary>
sealed class TrainingNodes
{
    readonly Dictionary<string, OnnxNode> _nodes = new(StringComparer.Ordinal);
    readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public TrainingNodes(OnnxModel model)
    {
        Opset = (int)model.Opsets.GetValueOrDefault("", 1);
        Collect(model.Graph);
    }

    public int Opset { get; }

    /// <param name="output">Its first output.</param>
    public OnnxNode? Node(string output) => _nodes.GetValueOrDefault(output);

    public bool IsRead(string value) => value.Length > 0 && _read.Contains(value);

    void Collect(OnnxGraph graph)
    {
        _read.UnionWith(graph.Outputs.Select(output => output.Name));
        foreach (var node in graph.Nodes)
        {
            _read.UnionWith(node.Inputs);
            if (node.Outputs.Count > 0 && TrainingForm.IsOf(node, Opset)) _nodes.TryAdd(node.Outputs[0], node);
            foreach (var attribute in node.Attributes)
                if (attribute.Graph is { } branch) Collect(branch);
        }
    }
}
