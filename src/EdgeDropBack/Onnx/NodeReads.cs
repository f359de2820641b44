namespace EdgeDropBack.Onnx;

/// <summary>Who reads and writes what in a graph.</summary>
sealed class NodeReads
{
    readonly string[][] _reads;
    readonly Dictionary<string, int> _writers = new(StringComparer.Ordinal);

    public NodeReads(OnnxGraph graph)
    {
        Graph = graph;
        Inputs = [.. graph.Inputs.Select(input => input.Name).Where(name => graph.Initializer(name) is null)];
        _reads = [.. graph.Nodes.Select(node => NodeInputs.Of(node).Distinct(StringComparer.Ordinal).ToArray())];
        foreach (var node in graph.Nodes)
            foreach (var output in node.Outputs) if (output.Length > 0) _writers.TryAdd(output, node.Ordinal);
    }

    public OnnxGraph Graph { get; }

    /// <summary>Inputs without a default.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Names that a node reads, initializers among them.</summary>
    public IReadOnlyList<string> Of(int ordinal) => _reads[ordinal];

    /// <summary>Ordinal of the node that writes a value; -1 for inputs and initializers.</summary>
    public int Writer(string name) => _writers.GetValueOrDefault(name, -1);

    /// <summary>By node ordinal: whether an output depends on it.</summary>
    public static bool[] LeadingTo(OnnxGraph graph, string output)
    {
        var reads = new NodeReads(graph);
        return reads.WithAncestors(reads.Writer(output) is >= 0 and var writer ? [writer] : []);
    }

    /// <summary>The nodes, and all in front of them.</summary>
    public bool[] WithAncestors(IEnumerable<int> nodes)
    {
        var reached = new bool[Graph.Nodes.Count];
        foreach (var node in nodes) reached[node] = true;
        for (var i = reached.Length - 1; i >= 0; i--)
        {
            if (!reached[i]) continue;
            foreach (var read in _reads[i]) if (Writer(read) is >= 0 and var writer && writer < i) reached[writer] = true;
        }
        return reached;
    }

    /// <summary>The nodes, and all that depend on them.</summary>
    public bool[] WithDescendants(IEnumerable<int> nodes)
    {
        var reached = new bool[Graph.Nodes.Count];
        foreach (var node in nodes) reached[node] = true;
        for (var i = 0; i < reached.Length; i++)
            reached[i] |= _reads[i].Any(read => Writer(read) is >= 0 and var writer && writer < i && reached[writer]);
        return reached;
    }
}
