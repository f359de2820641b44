namespace EdgeDropBack.Onnx;

/// <summary>What nodes read; what the graphs inside a node read from outside counts as read by it.</summary>
static class NodeInputs
{
    public static IEnumerable<string> Of(OnnxNode node)
    {
        foreach (var input in node.Inputs) if (input.Length > 0) yield return input;
        foreach (var graph in node.Attributes.SelectMany(Graphs))
            foreach (var outer in Outer(graph)) yield return outer;
    }

    static IEnumerable<OnnxGraph> Graphs(OnnxAttribute attribute) => attribute.Graph is { } graph ? attribute.Graphs.Prepend(graph) : attribute.Graphs;

    /// <summary>Names that a graph reads and does not make itself.</summary>
    static IEnumerable<string> Outer(OnnxGraph graph)
    {
        var own = graph.Inputs.Select(i => i.Name).Concat(graph.Initializers.Select(i => i.Name)).Concat(graph.Nodes.SelectMany(n => n.Outputs))
            .ToHashSet(StringComparer.Ordinal);
        return graph.Nodes.SelectMany(Of).Concat(graph.Outputs.Select(o => o.Name)).Where(name => !own.Contains(name));
    }
}
