namespace EdgeDropBack.Onnx;

/// <summary>How often each value of a model is read, in branches and as an output of a graph too.</summary>
sealed class ValueReaders
{
    readonly Dictionary<string, int> _reads = new(StringComparer.Ordinal);

    public ValueReaders(OnnxModel model) => Add(model.Graph);

    /// <summary>Inputs of nodes that read the value, and graph outputs that it is.</summary>
    public int Of(string name) => _reads.GetValueOrDefault(name);

    void Add(OnnxGraph graph)
    {
        foreach (var output in graph.Outputs) Read(output.Name);
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs) Read(input);
            foreach (var attribute in node.Attributes)
                if (attribute.Graph is { } branch) Add(branch);
        }
    }

    void Read(string name) => _reads[name] = _reads.GetValueOrDefault(name) + 1;
}
