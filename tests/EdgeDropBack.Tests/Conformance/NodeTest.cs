using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
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
    const double Relative = 1e-3, Absolute = 1e-5;

    public string Name => Path.GetFileName(folder);

    /// <summary>Null where all outputs are those given; else what is unsupported or differs.</summary>
    public string? Problem()
    {
        try
        {
            using var model = OnnxModel.Open(Path.Combine(folder, "model.onnx"));
            foreach (var set in Directory.GetDirectories(folder, "test_data_set_*").Order(StringComparer.Ordinal))
                if (Problem(model, set) is { } problem) return problem;
            return null;
        }
        catch (EdbException e)
        {
            return Shortened(e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var at = e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("EdgeDropBack.", StringComparison.Ordinal));
            return $"fails: {e.GetType().Name}: {e.Message} {at}".ReplaceLineEndings(" ");
        }
    }

    string Shortened(string message) => message.Replace(Path.Combine(folder, "model.onnx") + ": ", "", StringComparison.Ordinal);

    string? Problem(OnnxModel model, string set)
    {
        foreach (var info in model.Graph.Inputs.Concat(model.Graph.Outputs))
            if (!info.IsTensor) return $"'{info.Name}' is a {info.Kind}; only tensors are supported";
        OnnxValueInfo[] given = [.. model.Graph.Inputs.Where(info => model.Graph.Initializer(info.Name) is null)];
        var inputs = given.Select((_, i) => TensorFile.Open(Path.Combine(set, $"input_{i}.pb"))).ToArray();
        var outputs = model.Graph.Outputs.Select((_, i) => TensorFile.Open(Path.Combine(set, $"output_{i}.pb"))).ToArray();
        try
        {
            string? problem = null;
            for (var atRunTime = inputs.Length; atRunTime >= 0; atRunTime = Math.Min(atRunTime - 1, 1))
            {
                try
                {
                    return Run(model, given, [.. inputs.Select(i => i.Tensor)], [.. outputs.Select(o => o.Tensor)], atRunTime);
                }
                catch (EdbException e)
                {
                    var isMoot = problem is null || problem.Contains("has to be a constant", StringComparison.Ordinal);
                    if (isMoot) problem = Shortened(e.Message);
                }
            }
            return problem;
        }
        finally
        {
            foreach (var tensor in inputs.Concat(outputs)) tensor.Dispose();
        }
    }

    static string? Run(OnnxModel model, OnnxValueInfo[] given, OnnxTensor[] inputs, OnnxTensor[] expected, int atRunTime)
    {
        var names = given.Select(info => info.Name).ToArray();
        var @fixed = Enumerable.Range(atRunTime, inputs.Length - atRunTime);
        var graph = GraphImporter.Import(model, new ImportOptions
        {
            InputShapes = Enumerable.Range(0, atRunTime).ToDictionary(i => names[i], i => inputs[i].Dims.Select(dim => (int)dim).ToArray()),
            FixedInputs = @fixed.ToDictionary(i => names[i], i => ConstantTensor.Read(inputs[i])),
        });
        var plan = Planner.ForInference(graph);
        using var workers = new Workers(1);
        using var arena = new AlignedBuffer(plan.ArenaFloats);
        var executor = new Executor(plan, arena, workers, new DenseValues(graph.Parameters));
        foreach (var input in graph.Inputs)
        {
            if (plan.ValueBuffers[input.Id] is not null)
            {
                var i = Array.IndexOf(names, input.Name);
                Floats(inputs[i], given[i].ElementType).CopyTo(executor.Values(input));
            }
        }
        var meter = default(NoMeter);
        executor.Forward(ref meter, isTraining: false);
        for (var o = 0; o < expected.Length; o++)
        {
            var type = model.Graph.Outputs[o].ElementType;
            if (Difference(graph.Outputs[o], executor.Values(graph.Outputs[o]), expected[o], type) is { } difference) return difference;
        }
        return null;
    }

    /// <summary>The vectors of bfloat16 tests hold its bits as uint16, since numpy has no such type.</summary>
    static float[] Floats(OnnxTensor tensor, OnnxDataType declared)
    {
        if (declared != OnnxDataType.BFloat16 || tensor.DataType != OnnxDataType.UInt16) return tensor.ReadFloats();
        var floats = new float[tensor.ElementCount];
        TensorConversion.ToFloats(declared, tensor.Raw, 0, floats);
        return floats;
    }

    static string? Difference(Value output, ReadOnlySpan<float> ours, OnnxTensor expected, OnnxDataType type)
    {
        if (!output.Shape.Dims.Select(dim => (long)dim).SequenceEqual(expected.Dims))
            return $"differs: output '{output.Name}' has shape {output.Shape}, expected [{string.Join(", ", expected.Dims)}]";
        var reference = Floats(expected, type);
        var rounded = ours.ToArray();
        var exact = !type.IsFloatingPoint();
        if (type is OnnxDataType.Float16 or OnnxDataType.BFloat16)
        {
            var raw = new byte[2 * rounded.Length];
            TensorConversion.FromFloats(type, rounded, raw);
            TensorConversion.ToFloats(type, raw, 0, rounded);
        }
        for (var i = 0; i < reference.Length; i++)
        {
            var (a, b) = (rounded[i], reference[i]);
            if (a == b || (float.IsNaN(a) && float.IsNaN(b))) continue;
            if (exact || !(Math.Abs((double)a - b) <= Absolute + Relative * Math.Abs(b)))
                return $"differs: output '{output.Name}'[{i}] is {a}, expected {b}";
        }
        return null;
    }
}
