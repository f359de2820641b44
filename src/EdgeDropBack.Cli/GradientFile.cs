using EdgeDropBack.Data;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Prefixes;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli;

/// <summary>Dense gradients from arrays of inputs and targets.</summary>
static class GradientFile
{
    /// <param name="target">[N] class numbers, or as many floats a sample as the model puts out.</param>
    /// <returns>Mean loss, samples, and the gradients by initializer name.</returns>
    public static (double Loss, int Samples, IReadOnlyList<(string Name, NpyArray Array)> Gradients) Compute(
        string path, NpzFile input, NpyArray target, LossKind loss)
    {
        using var model = OnnxModel.Open(path);
        var arrays = InputArrays.Of(model, input);
        using var trainable = TrainableGraph.OfFirstOutput(model, arrays.ImportOptions(arrays.Samples),
            options => new(GraphImporter.Import(model, options), null, options));
        var graph = trainable.Graph;
        using var workers = new Workers(Environment.ProcessorCount);
        using var probe = new GradientProbe(graph, loss, workers);
        foreach (var value in graph.Inputs) arrays.Fill(value.Name, 0, probe.Input(value), new Preprocessing());
        var batch = new Batch(graph.Batch, probe.OutputShape.Count / graph.Batch);
        Array.Fill(batch.Weights, 1f);
        FillTargets(batch, target, loss);
        var mean = probe.Run(batch);
        return (mean, graph.Batch, [.. graph.Parameters.Select(p => (p.Name, NpyArray.From(probe.Gradients[p], p.Shape.ToArray())))]);
    }

    static void FillTargets(Batch batch, NpyArray target, LossKind loss)
    {
        if (target.Shape.FirstOrDefault() == batch.Size && target.Length == batch.Targets.Length)
        {
            target.ReadFloats().CopyTo(batch.Targets, 0);
            return;
        }
        if (loss != LossKind.CrossEntropy || target.Length != batch.Size)
        {
            var wanted = loss == LossKind.CrossEntropy ? $"[{batch.Size}] class numbers or [{batch.Size}, {batch.Outputs}]"
                : $"[{batch.Size}, {batch.Outputs}]";
            throw EdbException.Refused($"--target has shape [{string.Join(", ", target.Shape)}], expected {wanted}; "
                + "save one target a sample");
        }
        var labels = target.ReadInt64s("--target");
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0 || labels[i] >= batch.Outputs)
                throw EdbException.Refused($"--target: sample {i} has class {labels[i]}, the model has {batch.Outputs} outputs; "
                    + "number classes from 0");
            batch.Targets[i * batch.Outputs + (int)labels[i]] = 1f;
        }
    }
}
