using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;
using EdgeDropBack.Training;

namespace EdgeDropBack.OnnxRuntime;

/// <summary>Our forward pass against Microsoft.ML.OnnxRuntime's: `edb verify`.</summary>
static class ForwardCheck
{
    /// <summary>
    /// Compares the outputs, or every value that a node writes, in the order of the file's nodes. Node by node, each runs on what ONNX Runtime
    /// computed in front of it, so that a difference belongs to the node that shows it and rounding in front is not carried on.
    /// </summary>
    /// <param name="path">The model.</param>
    /// <param name="import">Batch and shapes.</param>
    /// <param name="fill">Writes the values of an input by name, [batch, ...].</param>
    /// <remarks>
    /// ONNX Runtime runs the graph without optimizations either way, so that both comparisons are of the same computation. A model in training mode it gets in
    /// inference mode, as this engine evaluates it: batch statistics and random masks cannot be compared.
    /// </remarks>
    /// <param name="everyNode">All values instead of the outputs only.</param>
    /// <exception cref="EdbException">Exit code 3: one of the two cannot use the model, or the native library is missing.</exception>
    public static IReadOnlyList<ValueDifference> Run(string path, ImportOptions import, Action<string, float[]> fill, bool everyNode, int threads)
    {
        using var model = OnnxModel.Open(path);
        var graph = GraphImporter.Import(model, import with { KeepsEveryValue = everyNode });
        var inputs = new List<(string Name, float[] Values, long[] Shape)>();
        foreach (var input in graph.Inputs)
        {
            var values = new float[input.Shape.Count];
            fill(input.Name, values);
            inputs.Add((input.Name, values, [.. input.Shape.Dims.Select(d => (long)d)]));
        }
        var declared = model.Graph.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var extra = graph.Outputs.Select(o => o.Name).Where(name => !declared.Contains(name)).ToArray();
        using var theirs = OnnxRuntimeModel.Open(path, extra, asWritten: true, Rewritten(model));
        var expected = theirs.Run(inputs);
        return Compare(model, graph, inputs, theirs.Outputs, expected, everyNode, threads);
    }

    /// <summary>The model with its nodes sorted and in inference mode; null where it is so in the file.</summary>
    static byte[]? Rewritten(OnnxModel model)
    {
        if (model.NodeOrders.Count == 0 && TrainingNodes.Warning(model) is null) return null;
        using var stream = new MemoryStream();
        OnnxExport.Write(model, new Dictionary<string, ReplacedTensor>(), stream);
        return stream.ToArray();
    }

    static List<ValueDifference> Compare(OnnxModel model, Graph graph, List<(string Name, float[] Values, long[] Shape)> inputs,
        IReadOnlyList<string> names, IReadOnlyList<float[]?> expected, bool everyNode, int threads)
    {
        var plan = Planner.ForInference(graph);
        using var arena = new AlignedBuffer(plan.ArenaFloats);
        using var workers = new Workers(threads);
        var executor = new Executor(plan, arena, workers, new BaseValues());
        for (var i = 0; i < inputs.Count; i++) inputs[i].Values.CopyTo(executor.Values(graph.Inputs[i]));
        var found = new Dictionary<string, ValueDifference>(StringComparer.Ordinal);
        var writers = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (var node in model.Graph.Nodes)
            foreach (var output in node.Outputs) writers.TryAdd(output, node);
        void Look(Value value)
        {
            if (names.IndexOf(value.Name) is not (>= 0 and var index) || expected[index] is not { } values) return;
            var ours = executor.Values(value);
            var writer = writers.GetValueOrDefault(value.Name)?.ToString() ?? "input";
            found.TryAdd(value.Name, ValueDifference.Of(value.Name, writer, value.Shape.ToString(), ours, values));
            if (everyNode && ours.Length == values.Length && value.Constant is null) values.CopyTo(ours);
        }
        var meter = new NodeMeter(node =>
        {
            if (everyNode) foreach (var output in node.Node.Outputs) Look(output);
        });
        executor.Forward(ref meter, isTraining: false);
        foreach (var output in graph.Outputs) Look(output);
        return [.. graph.Outputs.Where(output => found.ContainsKey(output.Name)).OrderBy(output => writers.GetValueOrDefault(output.Name)?.Ordinal ?? -1)
            .Select(output => found[output.Name])];
    }

    static int IndexOf(this IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
            if (names[i] == name) return i;
        return -1;
    }
}
