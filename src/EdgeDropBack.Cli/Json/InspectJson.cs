using System.Text.Json;
using EdgeDropBack.Graphs;
using EdgeDropBack.Json;
using EdgeDropBack.Onnx;
using EdgeDropBack.Prefixes;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb inspect --json`.</summary>
/// <param name="Parameters">Elements of all floating-point initializers, and of all weights that are computed from a seed.</param>
/// <param name="Outputs">Outputs that the model declares.</param>
/// <param name="TrainedOutput">The output that is trained; null where none can be.</param>
/// <param name="Trainable">Weights that training can change; null where the model cannot be used.</param>
sealed record InspectJson(string Model, string Sha256, long FileBytes, string Producer, long IrVersion, long Opset, long Parameters,
    int Outputs, string? TrainedOutput, long? Trainable, long? MultiplyAddsPerSample, IReadOnlyList<NodeJson> Nodes, IReadOnlyList<ValueJson>? Values,
    IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings)
{
    public static void Fields(Utf8JsonWriter json, InspectJson value)
    {
        json.Field("model", value.Model);
        json.Field("sha256", value.Sha256);
        json.Field("fileBytes", value.FileBytes);
        json.Field("producer", value.Producer);
        json.Field("irVersion", value.IrVersion);
        json.Field("opset", value.Opset);
        json.Field("parameters", value.Parameters);
        json.Field("outputs", value.Outputs);
        json.Field("trainedOutput", value.TrainedOutput);
        json.Field("trainable", value.Trainable);
        json.Field("multiplyAddsPerSample", value.MultiplyAddsPerSample);
        json.Field("nodes", value.Nodes, NodeJson.Fields);
        json.Field("values", value.Values, ValueJson.Fields);
        json.Field("problems", value.Problems);
        json.Field("warnings", value.Warnings);
    }

    public static InspectJson Of(OnnxModel model, IReadOnlyList<NodeVerdict> verdicts, Graph? graph, bool withValues,
        TrainableGraph? trainable) => new(
        model.Path, model.Sha256, model.FileLength, $"{model.ProducerName} {model.ProducerVersion}".Trim(), model.IrVersion,
            model.Opsets.GetValueOrDefault(""),
        model.Graph.Initializers.Where(t => t.DataType is OnnxDataType.Float or OnnxDataType.Float16 or OnnxDataType.BFloat16)
            .Sum(t => t.ElementCount) + (graph?.Parameters.Where(p => model.Graph.Initializer(p.Name) is null).Sum(p => (long)p.Count) ?? 0),
        model.Graph.Outputs.Count, trainable?.Import.Output, trainable?.TrainableCount ?? graph?.ParameterCount, graph?.MultiplyAdds / graph?.Batch,
        [.. verdicts.Select(v => new NodeJson(v.Ordinal, v.Name, v.Type, Name(v.Verdict), v.Shape, v.Reason))],
        withValues && graph is not null ? [.. ValuesOf(graph)] : null, [], [.. model.Warnings, .. Tied(graph)]);

    static IEnumerable<string> Tied(Graph? graph) => (graph?.Parameters ?? []).Where(p => p.Readers > 1)
        .Select(p => $"parameter '{p.Name}' is tied: {p.Readers} nodes read it, and training changes it for all of them");

    static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Trainable => "trainable",
        Verdict.ForwardOnly => "forward only",
        Verdict.Folded => "folded",
        Verdict.Regenerated => "regenerated",
        Verdict.Frozen => "frozen",
        Verdict.Unsupported => "unsupported",
        _ => "not reached",
    };

    static IEnumerable<ValueJson> ValuesOf(Graph graph)
    {
        foreach (var input in graph.Inputs) yield return new(input.Name, "input", input.Shape.ToString());
        foreach (var parameter in graph.Parameters) yield return new(parameter.Name, "parameter", parameter.Shape.ToString());
        foreach (var output in graph.Nodes.Where(node => node.Operator is not ReadParameter).SelectMany(node => node.Outputs))
            yield return new(output.Name, graph.Outputs.Contains(output) ? "output" : "activation", output.Shape.ToString());
    }
}

sealed record NodeJson(int Ordinal, string Name, string Operator, string Verdict, string Shape, string Reason)
{
    public static void Fields(Utf8JsonWriter json, NodeJson value)
    {
        json.Field("ordinal", value.Ordinal);
        json.Field("name", value.Name);
        json.Field("operator", value.Operator);
        json.Field("verdict", value.Verdict);
        json.Field("shape", value.Shape);
        json.Field("reason", value.Reason);
    }
}

sealed record ValueJson(string Name, string Kind, string Shape)
{
    public static void Fields(Utf8JsonWriter json, ValueJson value)
    {
        json.Field("name", value.Name);
        json.Field("kind", value.Kind);
        json.Field("shape", value.Shape);
    }
}
