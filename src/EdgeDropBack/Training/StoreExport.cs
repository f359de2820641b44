using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>Writes a plain ONNX file with the user's weights.</summary>
static class StoreExport
{
    /// <summary>The model of a store as an ONNX file that any runtime takes.</summary>
    /// <param name="store">A store of that model.</param>
    public static void Export(string model, string store, string output)
    {
        using var session = Inference.Open(model, store, null);
        session.Export(output);
    }

    internal static void Write(OnnxModel model, Graph graph, IParameterValues values, IReadOnlyList<Graphs.RunningStatistics> statistics, string path)
    {
        var replaced = new Dictionary<string, ReplacedTensor>(StringComparer.Ordinal);
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var parameter in graph.Parameters)
        {
            if (parameter.Base is InitializerBase && values.Source(parameter).Values.IsEmpty && values is DropBackValues) continue;
            replaced[parameter.Name] = new([.. parameter.Shape.Dims.Select(d => (long)d)],
                (start, chunk) => values.Source(parameter).CopyTo(start, chunk));
        }
        foreach (var s in statistics)
        {
            replaced[s.MeanName] = new([s.Mean.Length], (start, chunk) => s.Mean.AsSpan((int)start, chunk.Length).CopyTo(chunk));
            replaced[s.VarianceName] = new([s.Variance.Length], (start, chunk) => s.Variance.AsSpan((int)start, chunk.Length).CopyTo(chunk));
        }
        if (graph.Parameters.Any(p => p.Base is not InitializerBase && model.Graph.Initializer(p.Name) is not null))
        {
            foreach (var output in graph.Outputs) shapes[output.Name] = [-1, .. output.Shape.Dims.Skip(1).Select(d => (long)d)];
        }
        OnnxExport.Write(model, replaced, path, shapes);
    }
}
