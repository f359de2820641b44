namespace EdgeDropBack.Graphs;

/// <summary>What stands in front of a value in a graph.</summary>
static class GradientReach
{
    /// <summary>By parameter ordinal: whether a gradient on the value reaches it; nothing without a gradient stands between them.</summary>
    public static bool[] Parameters(Graph graph, Value from)
    {
        var values = Values(graph, from, PassesGradient);
        var parameters = new bool[graph.Parameters.Count];
        foreach (var node in graph.Nodes)
        {
            if (!PassesGradient(node) || !node.Outputs.Any(output => values[output.Id])) continue;
            foreach (var input in node.Inputs) if (input?.Parameter is { } parameter) parameters[parameter.Ordinal] = true;
        }
        return parameters;
    }

    /// <summary>Whether a sample decides the value.</summary>
    public static bool DependsOnInput(Graph graph, Value value)
    {
        var values = Values(graph, value, _ => true);
        return graph.Inputs.Any(input => values[input.Id]);
    }

    static bool PassesGradient(Node node) => node.Operator is { HasGradient: true, StopsGradient: false };

    /// <summary>By value id: what the value depends on through nodes of a kind, itself among them.</summary>
    static bool[] Values(Graph graph, Value from, Func<Node, bool> passes)
    {
        var values = new bool[graph.ValueCount];
        values[from.Id] = true;
        foreach (var node in graph.Nodes.Reverse())
        {
            if (!passes(node) || !node.Outputs.Any(output => values[output.Id])) continue;
            foreach (var input in node.Inputs) if (input is not null) values[input.Id] = true;
        }
        return values;
    }
}
