using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.OnnxRuntime;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>
/// One folder of the ONNX project's tests: model.onnx and test_data_set_*/{input,output}_*.pb. Inputs are given at run time; where the
/// importer needs one while it makes the graph (shapes, axes, scales), all but the first, or all, are fixed then.
/// </summary>
sealed class NodeTest(string folder)
{
    string ModelPath => Path.Combine(folder, "model.onnx");

    public string Name => Path.GetFileName(folder);

    /// <summary>Operators of the model's own graph.</summary>
    public IReadOnlySet<string> Operators()
    {
        using var model = OnnxModel.Open(ModelPath);
        return model.Graph.Nodes.Select(node => node.OpType).ToHashSet(StringComparer.Ordinal);
    }

    public NodeTestResult Result()
    {
        try
        {
            using var model = OnnxModel.Open(ModelPath);
            string? reference = null;
            foreach (var set in Directory.GetDirectories(folder, "test_data_set_*").Order(StringComparer.Ordinal))
            {
                var (problem, other) = Result(model, set);
                if (problem is not null) return new(problem, null);
                reference ??= other;
            }
            return new(null, reference);
        }
        catch (EdbException e)
        {
            return new(Shortened(e.Message), null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var at = e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("EdgeDropBack.", StringComparison.Ordinal));
            return new($"fails: {e.GetType().Name}: {e.Message} {at}".ReplaceLineEndings(" "), null);
        }
    }

    string Shortened(string message) => message.Replace(ModelPath + ": ", "", StringComparison.Ordinal);

    NodeTestResult Result(OnnxModel model, string set)
    {
        foreach (var info in model.Graph.Inputs.Concat(model.Graph.Outputs))
            if (!info.IsTensor) return new($"'{info.Name}' is a {info.Kind}; only tensors are supported", null);
        using var vectors = new NodeTestVectors(model, set);
        if (model.IsTrainingArtifact) return new(TrainingNodeTest.Problem(model, vectors), "is not asked: no training");
        string? problem = null;
        for (var atRunTime = vectors.Inputs.Count; atRunTime >= 0; atRunTime = Math.Min(atRunTime - 1, 1))
        {
            try
            {
                var ours = Run(model, vectors, atRunTime);
                return vectors.Difference(ours) is { } difference ? new(difference, null) : new(null, AgainstOnnxRuntime(model, vectors, ours));
            }
            catch (EdbException e)
            {
                var isMoot = problem is null || problem.Contains("has to be a constant", StringComparison.Ordinal);
                if (isMoot) problem = Shortened(e.Message);
            }
        }
        return new(problem, null);
    }

    static List<(Shape Shape, float[] Values)> Run(OnnxModel model, NodeTestVectors vectors, int atRunTime)
    {
        var inputs = vectors.Inputs;
        var graph = GraphImporter.Import(model, new ImportOptions
        {
            InputShapes = inputs.Take(atRunTime).ToDictionary(input => input.Name, input => input.Tensor.Dims.Select(dim => (int)dim).ToArray()),
            FixedInputs = inputs.Skip(atRunTime).ToDictionary(input => input.Name, input => ConstantTensor.Read(input.Tensor)),
        });
        var plan = Planner.ForInference(graph);
        using var workers = new Workers(1);
        using var arena = new AlignedBuffer(plan.ArenaFloats);
        var executor = new Executor(plan, arena, workers, new DenseValues(graph.Parameters));
        foreach (var value in graph.Inputs)
            if (plan.ValueBuffers[value.Id] is not null)
                NodeTestVectors.Floats(inputs.First(input => input.Name == value.Name)).CopyTo(executor.Values(value));
        var meter = default(NoMeter);
        executor.Forward(ref meter, isTraining: false);
        return [.. graph.Outputs.Select(output => (output.Shape, executor.Values(output).ToArray()))];
    }

    string? AgainstOnnxRuntime(OnnxModel model, NodeTestVectors vectors, List<(Shape Shape, float[] Values)> ours)
    {
        try
        {
            using var other = OnnxRuntimeModel.Open(ModelPath, []);
            var theirs = other.Run([.. vectors.Inputs.Select(input => (input.Name, NodeTestVectors.Floats(input), input.Tensor.Dims.ToArray()))]);
            for (var o = 0; o < ours.Count; o++)
            {
                if (theirs[o] is not { } values) return "gives what is no number";
                if (Closeness.Difference(model.Graph.Outputs[o].Name, ours[o].Values, values, model.Graph.Outputs[o].ElementType) is { } difference)
                    return difference;
            }
            return null;
        }
        catch (EdbException e)
        {
            return $"refuses: {OnnxRuntimeReason.Of(e.Message)}";
        }
    }
}
