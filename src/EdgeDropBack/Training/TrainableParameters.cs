using EdgeDropBack.Graphs;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>Which parameters a mode trains.</summary>
static class TrainableParameters
{
    /// <returns>By parameter ordinal.</returns>
    /// <exception cref="EdbException">Exit code 3: the mode finds nothing to train in this model.</exception>
    public static bool[] Of(Graph graph, Value lossInput, TrainingMode mode)
    {
        var trainable = GradientReach.Parameters(graph, lossInput);
        if (mode == TrainingMode.LastLayer)
        {
            var last = AlgorithmicLens.LastLayer(graph, lossInput);
            foreach (var parameter in graph.Parameters) trainable[parameter.Ordinal] = last.Contains(parameter);
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
}
