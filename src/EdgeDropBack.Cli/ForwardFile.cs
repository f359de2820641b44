using EdgeDropBack.Data;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;
using EdgeDropBack.Prefixes;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli;

/// <summary>A model, or what was learned of it, over arrays of any number of samples.</summary>
static class ForwardFile
{
    const int LargestBatch = 64;

    /// <summary>uint8 arrays are scaled to 0..1; a store's sidecar says what else training did to its samples.</summary>
    /// <returns>Every output of the model, [samples, ...], by name.</returns>
    public static IReadOnlyList<(string Name, NpyArray Array)> Run(string path, string? store, NpzFile input, int threads, Action<string> log)
    {
        using var model = OnnxModel.Open(path);
        var arrays = InputArrays.Of(model, input);
        var batch = Math.Min(arrays.Samples, LargestBatch);
        if (store is null)
        {
            var graph = GraphImporter.Import(model, arrays.ImportOptions(batch));
            using var workers = new Workers(threads > 0 ? threads : Devices.HostInfo.Read().PerformanceCores);
            return Run(graph, new BaseValues(), workers, arrays, new Preprocessing());
        }
        var learned = Inference.Newest(store, log);
        var preprocessing = Inference.SidecarOf(learned)?.Preprocessing ?? new Preprocessing();
        using var session = Inference.Open(path, learned, arrays.First.Shape[1..], batch, threads, null, allOutputs: true);
        NameLeftOut(model, session.Graph, log);
        return Run(session.Graph, session.Trainer.Values, session.Workers, arrays, preprocessing, session.Prefix);
    }

    /// <summary>Behind a cut only what is trained is computed.</summary>
    static void NameLeftOut(OnnxModel model, Graph graph, Action<string> log)
    {
        if (graph.Outputs.Count == model.Graph.Outputs.Count) return;
        var leftOut = model.Graph.Outputs.Select(output => output.Name).Except(graph.OutputNames).ToArray();
        log($"left out, since the store trains from --train-from on: {Printable.List(leftOut)}; export the store for all outputs");
    }

    static IReadOnlyList<(string Name, NpyArray Array)> Run(
        Graph graph, IParameterValues values, Workers workers, InputArrays arrays, Preprocessing preprocessing, FrozenPrefix? prefix = null)
    {
        foreach (var output in graph.Outputs)
            if (output.Shape.Rank == 0 || output.Shape[0] != graph.Batch)
                throw EdbException.Refused($"output '{Printable.Name(output.Name)}' has shape {output.Shape}, which does not "
                    + $"begin with the batch of {graph.Batch}; cut the model in front of what mixes samples");
        var plan = Planner.ForInference(graph);
        using var arena = new AlignedBuffer(plan.ArenaFloats);
        var executor = new Executor(plan, arena, workers, values);
        var results = graph.Outputs.Select(output => new float[arrays.Samples * (output.Shape.Count / graph.Batch)]).ToArray();
        var meter = new NoMeter();
        var sample = new float[graph.Batch * (prefix?.InputLength ?? 0)];
        var outputs = new float[graph.Batch * (prefix?.OutputLength ?? 0)];
        for (var first = 0; first < arrays.Samples; first += graph.Batch)
        {
            if (prefix is not null)
            {
                arrays.Fill(prefix.Input, first, sample, preprocessing);
                prefix.Run(sample, graph.Batch, outputs);
                outputs.CopyTo(executor.Values(graph.Inputs[0]));
            }
            else foreach (var value in graph.Inputs) arrays.Fill(value.Name, first, executor.Values(value), preprocessing);
            executor.Forward(ref meter, isTraining: false);
            for (var o = 0; o < results.Length; o++)
            {
                var length = graph.Outputs[o].Shape.Count / graph.Batch;
                var count = Math.Min(graph.Batch, arrays.Samples - first);
                executor.Values(graph.Outputs[o])[..(count * length)].CopyTo(results[o].AsSpan(first * length));
            }
        }
        return [.. graph.Outputs.Select((output, o) => (graph.OutputNames[o],
            NpyArray.From(results[o], [arrays.Samples, .. output.Shape.Dims.Skip(1)])))];
    }
}
