using EdgeDropBack.Graphs;

namespace EdgeDropBack.Training;

/// <summary>Which parameters a mode trains.</summary>
static class TrainableParameters
{
    /// <returns>By parameter ordinal.</returns>
    /// <exception cref="EdbException">Exit code 3: the mode finds nothing to train in this model.</exception>
    public static bool[] Of(Graph graph, Value lossInput, TrainingMode mode)
    {
        var trainable = Reached(graph, lossInput);
        if (mode == TrainingMode.LastLayer)
        {
            var last = graph.Parameters.LastOrDefault(p => trainable[p.Ordinal] && p.Role == ParameterRole.Weight);
            foreach (var parameter in graph.Parameters) trainable[parameter.Ordinal] &= last is not null && parameter.Ordinal >= last.Ordinal;
        }
        else if (mode == TrainingMode.Bias)
        {
            foreach (var parameter in graph.Parameters)
                trainable[parameter.Ordinal] &= parameter.Role is ParameterRole.Bias or ParameterRole.BatchNormShift;
        }
        if (!trainable.Contains(true))
            throw EdbException.Refused($"model '{graph.Name}' has no weights that --mode {Name(mode)} can train; give another --mode, inspect lists the weights");
        return trainable;
    }

    public static string Name(TrainingMode mode) => mode switch
    {
        TrainingMode.Dense => "dense",
        TrainingMode.LastLayer => "last-layer",
        TrainingMode.Bias => "bias",
        _ => "dropback",
    };

    /// <summary>Parameters from which a gradient can be had: nothing without one stands between them and the loss.</summary>
    static bool[] Reached(Graph graph, Value lossInput)
    {
        var values = new bool[graph.ValueCount];
        var parameters = new bool[graph.Parameters.Count];
        values[lossInput.Id] = true;
        foreach (var node in graph.Nodes.Reverse())
        {
            if (!node.Operator.HasGradient || !node.Outputs.Any(output => values[output.Id])) continue;
            foreach (var input in node.Inputs)
            {
                if (input is null) continue;
                values[input.Id] = true;
                if (input.Parameter is { } parameter) parameters[parameter.Ordinal] = true;
            }
        }
        return parameters;
    }
}
