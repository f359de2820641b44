using EdgeDropBack.Data;
using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>Writes a plain ONNX file with the user's weights.</summary>
static class StoreExport
{
    const long ScatterElementsOpset = 11;

    /// <summary>The model of a store as an ONNX file that any runtime takes.</summary>
    /// <param name="store">A store of that model; where its newest generation is damaged, the one before it is used.</param>
    /// <param name="log">Told which generation was passed over.</param>
    /// <param name="compact">
    /// Weights that the model computes from a seed stay so, and tracked values are laid over them by a function of the file, all in
    /// standard operators.
    /// </param>
    /// <param name="input">Sizes that the model leaves open, where no sidecar beside the store has them.</param>
    public static void Export(string model, string store, string output, Action<string>? log = null, bool compact = false,
        PreprocessingOptions? input = null)
    {
        var learned = Inference.Newest(store, log);
        var shape = Inference.SidecarOf(learned) is { } sidecar && input is null ? DataPreparation.SampleShape(model, sidecar.Preprocessing)
            : DataPreparation.SampleShape(model, DataPreparation.Preprocessing(model, input ?? new()));
        using var session = Inference.Open(model, learned, shape, Inference.DefaultBatch, threads: 0, loss: null);
        session.Export(output, compact);
    }

    /// <exception cref="EdbException">Exit code 2: compact, and no weight is computed from a seed.</exception>
    internal static void Write(OnnxModel model, Graph graph, ImportOptions import, IParameterValues values, IReadOnlyList<Graphs.RunningStatistics> statistics, string path, bool compact)
    {
        var calls = compact ? Calls(model, graph, values) : [];
        var replaced = new Dictionary<string, ReplacedTensor>(StringComparer.Ordinal);
        var overlaid = new Dictionary<string, OverlaidTensor>(StringComparer.Ordinal);
        var shapes = import.NewHead is null ? [] : ResizedHead.Shapes(model, import);
        foreach (var parameter in graph.Parameters)
        {
            if (calls.ContainsKey(parameter.Name)) continue;
            var tracked = (values as DropBackValues)?.Tracked[parameter.Ordinal];
            if (parameter.Base is InitializerBase or QuantizedBase && tracked is { Count: 0 }) continue;
            long[] dims = [.. parameter.Shape.Dims.Select(d => (long)d)];
            var whole = new ReplacedTensor(dims, (start, chunk) => values.Source(parameter).CopyTo(start, chunk));
            var dequantized = parameter.Base is InitializerBase ? [] : Dequantized(model, parameter.Name);
            if (dequantized.Count == 0) replaced[parameter.Name] = whole;
            foreach (var name in dequantized)
            {
                if (parameter.Base is QuantizedBase && tracked is not null && model.Opsets.GetValueOrDefault("") >= ScatterElementsOpset)
                    overlaid[name] = new(dims, [.. Enumerable.Range(0, tracked.Count).Select(tracked.IndexAt)], tracked.Values.ToArray());
                else
                    replaced[name] = whole;
            }
        }
        var (fixedReads, copies) = SharedReads(model, graph, import);
        var own = new Dictionary<string, ReplacedTensor>(StringComparer.Ordinal);
        foreach (var (name, numbers) in statistics.SelectMany(s => new[] { (s.MeanName, s.Mean), (s.VarianceName, s.Variance) }))
            (fixedReads.Any(read => read.OwnName == name) ? own : replaced)[name] = Tensor([numbers.Length], () => numbers);
        foreach (var copy in copies)
        {
            if (!replaced.ContainsKey(copy.Source) || replaced.ContainsKey(copy.Name) || copy.Values is null) continue;
            var parameter = graph.Parameters.FirstOrDefault(p => p.Name == copy.Name);
            replaced[copy.Name] = parameter is null ? Tensor(copy.Dims, copy.Values) : new(copy.Dims, (start, chunk) => values.Source(parameter).CopyTo(start, chunk));
        }
        var trained = graph.Parameters.Where(p => replaced.ContainsKey(p.Name)).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var types = new WeightTypes(model);
        var rewired = fixedReads.Where(read => own.ContainsKey(read.OwnName) || trained.Contains(read.Name))
            .ToLookup(read => read.Writer, read => new RewiredInput(read.OwnName, read.Input, types.Of(read.Name), own.GetValueOrDefault(read.OwnName) ?? Tensor(read.Dims, read.Values)));
        OnnxExport.Write(model, replaced, path, shapes, overlays: overlaid, calls: calls, rewired: rewired);
    }

    /// <summary>
    /// Reads of weights as numbers, and weights behind Identity nodes, in the whole file: also on the way to outputs that were not trained.
    /// </summary>
    static (IReadOnlyList<FixedRead> Fixed, IReadOnlyList<IdentityCopy> Copies) SharedReads(OnnxModel model, Graph graph, ImportOptions import)
    {
        if (import.Cut is null && (import.Output is null || model.Graph.Outputs.Count < 2)) return (graph.FixedReads, graph.Copies);
        if (GraphImporter.Inspect(model, import with { KeepsOtherOutputs = true, Cut = null }).Graph is { } whole) return (whole.FixedReads, whole.Copies);
        var known = graph.FixedReads.Select(read => (read.Writer, read.Input)).ToHashSet();
        return ([.. graph.FixedReads, .. UnreadStatistics(model).Where(read => !known.Contains((read.Writer, read.Input)))], graph.Copies);
    }

    /// <summary>Running statistics of the file, for a model that cannot be imported as a whole: a part of it runs elsewhere.</summary>
    static IEnumerable<FixedRead> UnreadStatistics(OnnxModel model)
        => from node in model.Graph.Nodes
           where node is { OpType: "BatchNormalization", Inputs.Count: > 4, Outputs: [{ Length: > 0 }, ..] }
           from input in (int[])[3, 4]
           let tensor = model.Graph.Initializer(node.Inputs[input])
           where tensor is not null
           select new FixedRead(tensor.Name, node.Outputs[0], input, $"{tensor.Name}.{node.Outputs[0]}.{input}", true, true, [.. tensor.Dims], tensor.ReadFloats);

    static ReplacedTensor Tensor(IReadOnlyList<long> dims, Func<float[]> values)
    {
        float[]? read = null;
        return new(dims, (start, chunk) => (read ??= values()).AsSpan((int)start, chunk.Length).CopyTo(chunk));
    }

    /// <summary>
    /// The outputs of the DequantizeLinear nodes behind an initializer, directly or with a QuantizeLinear between.
    /// </summary>
    static List<string> Dequantized(OnnxModel model, string initializer)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { initializer };
        var outputs = new List<string>();
        foreach (var node in model.Graph.Nodes)
        {
            if (node.Inputs is not [var input, ..] || !names.Contains(input) || node.Outputs is not [var output, ..]) continue;
            if (node.OpType == "DequantizeLinear") outputs.Add(output);
            else if (node.OpType == "QuantizeLinear") names.Add(output);
        }
        return outputs;
    }

    static Dictionary<string, TrackedCall> Calls(OnnxModel model, Graph graph, IParameterValues values)
    {
        var computed = BaseCall.Outputs(model);
        if (computed.Count == 0)
            throw EdbException.Usage($"{model.Path}: no weight of the model is computed from a seed, which --compact keeps; leave it out");
        if (values is not DropBackValues)
            throw EdbException.Usage("a dense training keeps no weight at its seed, which a compact export needs; export it plainly");
        return graph.Parameters.Where(p => computed.Contains(p.Name)).ToDictionary(p => p.Name, p => TrackedCall.Of(p, values.Source(p)), StringComparer.Ordinal);
    }
}
