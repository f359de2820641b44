namespace EdgeDropBack.Onnx;

/// <summary>The nodes of a graph and its branches, or of a function, that were exported in training mode.</summary>
sealed class TrainingNodes
{
    readonly Dictionary<string, OnnxNode> _nodes = new(StringComparer.Ordinal);
    readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public TrainingNodes(OnnxModel model)
    {
        Opset = (int)model.Opsets.GetValueOrDefault("", 1);
        Collect(model.Graph);
    }

    public TrainingNodes(OnnxFunction function)
    {
        Opset = (int)function.Opsets.GetValueOrDefault("", 1);
        _read.UnionWith(function.Outputs);
        Collect(function.Nodes);
    }

    public int Opset { get; }

    /// <summary>What users are told of such a model; null where it is in inference mode throughout.</summary>
    public static string? Warning(OnnxModel model)
    {
        var nodes = new TrainingNodes(model)._nodes.Values.Concat(model.Functions.SelectMany(function => new TrainingNodes(function)._nodes.Values))
            .Where(node => !IsTurnedOff(model.Graph, node)).ToArray();
        return nodes.Length == 0 ? null : $"{nodes.Length} {(nodes.Length == 1 ? "node is" : "nodes are")} in training mode, the first {nodes[0]}: evaluated and exported in "
            + "inference mode, batch normalization with its running statistics, dropout without effect";
    }

    /// <summary>A Dropout that the file itself turns off by a constant input 2.</summary>
    public static bool IsTurnedOff(OnnxGraph graph, OnnxNode node) => node is { OpType: "Dropout", Inputs: [_, _, var mode, ..] }
        && (graph.Initializer(mode) ?? graph.Nodes.FirstOrDefault(n => n.OpType == "Constant" && n.Outputs.Contains(mode))?.Tensor("value")) is { } tensor
        && tensor.DataType == OnnxDataType.Bool && ConstantTensor.Read(tensor).Values is [0];

    /// <param name="output">Its first output.</param>
    public OnnxNode? Node(string output) => _nodes.GetValueOrDefault(output);

    public bool IsRead(string value) => value.Length > 0 && _read.Contains(value);

    void Collect(OnnxGraph graph)
    {
        _read.UnionWith(graph.Outputs.Select(output => output.Name));
        Collect(graph.Nodes);
    }

    void Collect(IReadOnlyList<OnnxNode> nodes)
    {
        foreach (var node in nodes)
        {
            _read.UnionWith(node.Inputs);
            if (node.Outputs.Count > 0 && TrainingForm.IsOf(node, Opset)) _nodes.TryAdd(node.Outputs[0], node);
            foreach (var attribute in node.Attributes)
                if (attribute.Graph is { } branch) Collect(branch);
        }
    }
}
