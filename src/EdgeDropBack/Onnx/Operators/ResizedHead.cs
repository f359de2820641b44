using EdgeDropBack.Data;
using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>What a new last layer changes in the rest of the model.</summary>
static class ResizedHead
{
    /// <summary>Refuses a new last layer that another output depends on and that the nodes between do not take.</summary>
    /// <param name="import">With the trained output and the new head.</param>
    /// <exception cref="EdbException">Exit code 3: names the layer, the node and the output.</exception>
    public static void Require(OnnxModel model, ImportOptions import)
    {
        var head = HeadReplacement.Find(model, import.NewHead!, NodeReads.LeadingTo(model.Graph, import.Output!)).Node;
        var behind = new NodeReads(model.Graph).WithDescendants([head.Ordinal]);
        var whole = import with { KeepsOtherOutputs = true, Cut = null };
        var verdicts = GraphImporter.Inspect(model, whole).Verdicts.ToDictionary(verdict => verdict.Ordinal);
        var (before, after) = (GraphImporter.Shapes(model, whole with { NewHead = null }), GraphImporter.Shapes(model, whole));
        foreach (var output in model.Graph.Outputs.Where(output => output.Name != import.Output))
        {
            var leads = NodeReads.LeadingTo(model.Graph, output.Name);
            foreach (var node in model.Graph.Nodes.Where(node => behind[node.Ordinal] && leads[node.Ordinal]))
                if (verdicts.GetValueOrDefault(node.Ordinal) is { Verdict: Verdict.Unsupported or Verdict.NotReached } verdict)
                    throw Refused(node.ToString(), verdict.Reason);
            if (before.TryGetValue(output.Name, out var old) && after.TryGetValue(output.Name, out var shape) && RowsDiffer(old, shape))
                throw Refused($"'{Printable.Name(output.Name)}'", $"its shape for {import.Batch} samples becomes {shape}, and was {old}");

            EdbException Refused(string where, string reason) => EdbException.Refused($"{model.Path}: --new-head gives node {head} {import.NewHead!.Classes} outputs, "
                + $"and output '{Printable.Name(output.Name)}' depends on it through {where}: {reason}; give a model without that output");
        }
    }

    static bool RowsDiffer(Shape before, Shape after) => before.Rank != after.Rank || before.Rank > 0 && before[0] != after[0];

    /// <summary>The declared outputs and values whose shape a new last layer changes, as the file would declare them: -1 keeps the batch as it is.</summary>
    /// <param name="import">With the trained output and the new head.</param>
    public static Dictionary<string, long[]> Shapes(OnnxModel model, ImportOptions import)
    {
        var whole = import with { KeepsOtherOutputs = true, Cut = null };
        var (before, after) = (GraphImporter.Shapes(model, whole with { NewHead = null }), GraphImporter.Shapes(model, whole));
        if (import.Cut is not null)
            after = after.Concat(GraphImporter.Shapes(model, import)).DistinctBy(shape => shape.Key).ToDictionary(shape => shape.Key, shape => shape.Value, StringComparer.Ordinal);
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var info in model.Graph.Outputs.Concat(model.Graph.ValueInfos))
        {
            if (!after.TryGetValue(info.Name, out var shape) || before.TryGetValue(info.Name, out var old) && shape.Equals(old)) continue;
            shapes[info.Name] = [.. shape.Dims.Select((dim, i) => i == 0 ? -1L : dim)];
        }
        return shapes;
    }
}
