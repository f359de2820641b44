using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;
using EdgeDropBack.Prefixes;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>What can be done with each node of a model, before anybody trains it.</summary>
static class InspectVerb
{
    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "ONNX file" };
        var values = new Option<bool>("--graph") { Description = "Every value of the graph with its shape, and every parameter" };
        var input = new InputSettings();
        var prefix = new PrefixSettings();
        var verb = new Verb("inspect",
            "Operators, shapes, parameters, and a verdict per node: trainable, forward only, unsupported (why, what to do).",
            "inspect model.onnx", "inspect model.onnx --graph", "inspect detector.onnx --size 224", "inspect model.onnx --json");
        return verb.Takes([model, values, .. prefix.Cut, .. input.Geometry]).Does(parse =>
        {
            using var onnx = OnnxModel.Open(parse.GetValue(model)!);
            var result = Inspect(onnx, input.ImportOptions(parse, onnx, batch: 1), prefix.TrainFrom(parse), parse.GetValue(values));
            if (verb.IsJson(parse)) terminal.WriteJson(result, InspectJson.Fields);
            else Write(terminal, result);
            return result.Problems.Count > 0 ? 3 : 0;
        });
    }

    /// <summary>
    /// Nodes in front of a cut that the user asked for, or that missing operators make, are frozen rather than unsupported. What stands against
    /// another output than the trained one is a warning.
    /// </summary>
    static InspectJson Inspect(OnnxModel onnx, ImportOptions options, string? trainFrom, bool withValues)
    {
        try
        {
            using var trainable = PrefixImport.Open(onnx, options, trainFrom);
            var (verdicts, graph, problems) = GraphImporter.Inspect(onnx, trainable.Import with { KeepsOtherOutputs = true });
            var result = InspectJson.Of(onnx, verdicts, graph ?? trainable.Graph, withValues, trainable);
            return result with { Warnings = [.. result.Warnings, .. problems] };
        }
        catch (EdbException e) when (e.ExitCode == 3 && trainFrom is null)
        {
            var (verdicts, graph, problems) = GraphImporter.Inspect(onnx, options);
            return InspectJson.Of(onnx, verdicts, graph, withValues, null) with { Problems = problems };
        }
    }

    static void Write(Terminal terminal, InspectJson result)
    {
        var console = terminal.Tables();
        var nodes = new Sheet(">node", "operator", "name", "verdict", "output", "remark");
        foreach (var n in result.Nodes) nodes.Row($"{n.Ordinal}", n.Operator, n.Name, n.Verdict, n.Shape, n.Reason);
        nodes.Write(console);
        if (result.Values is { } values)
        {
            terminal.Out.WriteLine();
            var sheet = new Sheet("value", "kind", ">shape");
            foreach (var v in values) sheet.Row(v.Name, v.Kind, v.Shape);
            sheet.Write(console);
        }
        terminal.Out.WriteLine();
        var totals = new Sheet("", ">");
        totals.Row("nodes", Figures.Count(result.Nodes.Count)).Row("parameters", Figures.Count(result.Parameters));
        if (result.TrainedOutput is { } output && result.Outputs > 1) totals.Row($"trained output, of {result.Outputs}", output);
        if (result.Trainable is { } trainable) totals.Row("trainable", Figures.Count(trainable));
        if (result.MultiplyAddsPerSample is { } adds) totals.Row("multiply-adds a sample", Figures.Count(adds));
        totals.Row("file", Figures.Bytes(result.FileBytes)).Write(console);
        foreach (var warning in result.Warnings) terminal.Log($"warning: {warning}");
        foreach (var problem in result.Problems) terminal.Log($"edb: {problem}");
    }
}
