using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Prefixes;

/// <summary>A model as it is trained: what the trained output depends on, without what is computed elsewhere.</summary>
/// <param name="Prefix">What is computed elsewhere; null for nothing.</param>
/// <param name="Import">How the graph was made, the trained output's name included.</param>
sealed record TrainableGraph(Graph Graph, FrozenPrefix? Prefix, ImportOptions Import) : IDisposable
{
    public void Dispose() => Prefix?.Dispose();

    /// <summary>
    /// The output that is trained is the first with one row a sample that an input decides and that weights lead to. Labels (an ArgMax has no
    /// gradient), inputs passed through and constants are none.
    /// </summary>
    /// <param name="open">Makes the graph for the output that it is told.</param>
    /// <exception cref="EdbException">Of the first output, where none can be trained and a graph of none can be had.</exception>
    public static TrainableGraph OfFirstOutput(OnnxModel model, ImportOptions import, Func<ImportOptions, TrainableGraph> open)
    {
        if (import.Output is not null || model.Graph.Outputs.Count == 0) return open(import);
        EdbException? failure = null;
        foreach (var output in model.Graph.Outputs)
        {
            try
            {
                var opened = open(import with { Output = output.Name });
                if (model.Graph.Outputs.Count == 1 || opened.IsTrainable()) return opened;
                opened.Dispose();
            }
            catch (EdbException e)
            {
                failure ??= e;
            }
        }
        throw failure ?? EdbException.Refused($"{model.Path}: no weights that can be trained lead to any of the outputs "
            + $"{string.Join(", ", model.Graph.Outputs.Select(o => $"'{Data.Printable.Name(o.Name)}'"))}; see `edb inspect`");
    }

    Value Output => Graph.TrainedOutput ?? Graph.Outputs[0];

    /// <summary>Weights that a gradient on the output reaches.</summary>
    public long TrainableCount => GradientReach.Parameters(Graph, Output) is var reached ? Graph.Parameters.Where(p => reached[p.Ordinal]).Sum(p => (long)p.Count) : 0;

    bool IsTrainable()
    {
        var output = Output;
        return output.Shape.Rank > 0 && output.Shape[0] == Graph.Batch && GradientReach.DependsOnInput(Graph, output)
            && GradientReach.Parameters(Graph, output).Contains(true);
    }
}
