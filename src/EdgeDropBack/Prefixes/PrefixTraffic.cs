using System.Globalization;
using EdgeDropBack.Data;
using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Prefixes;

/// <summary>
/// What a frozen prefix moves in a step, by the rules of <see cref="AlgorithmicLens"/>: an estimate, since another runtime fuses nodes and
/// lays values out as it likes. Weights are read once a run; activations are counted where their shapes are known.
/// </summary>
static class PrefixTraffic
{
    static readonly HashSet<string> s_views = new(["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout", "Shape", "Size", "Constant"], StringComparer.Ordinal);

    /// <summary>The steps with the prefix's rows, which are the same in each.</summary>
    public static TrafficComparison With(TrafficComparison comparison, TrainingSession session)
    {
        if (session.Prefix is null) return comparison;
        var rows = Rows(session).ToArray();
        return new(With(comparison.Select, rows), With(comparison.Frozen, rows), With(comparison.Dense, rows), With(comparison.LastLayer, rows));
    }

    /// <summary>One step with the prefix's rows.</summary>
    public static StepTraffic With(StepTraffic step, TrainingSession session) => session.Prefix is null ? step : With(step, Rows(session));

    static StepTraffic With(StepTraffic step, IEnumerable<TrafficRow> prefix)
    {
        TrafficRow[] all = [.. step.Rows, .. prefix];
        return step with { Rows = all, Totals = TrafficTotals.Of(all) };
    }

    /// <summary>What reports say of these rows; null where nothing is frozen.</summary>
    public static string? Note(TrainingSession session) => session.Prefix is not { } prefix ? null : string.Create(CultureInfo.InvariantCulture,
        $"estimate: {prefix.Cut.PrefixNodes} nodes in {prefix.Runtime}, {Runs(prefix)} runs a step; weights once a run, activations where their shapes are known, "
        + $"no fusion, no cache, no arithmetic; a sample whose outputs are in --cache moves {4L * prefix.OutputLength} bytes instead; its bits are outside the law of equal stores");

    static long Runs(FrozenPrefix prefix) => (prefix.Batch + prefix.RunBatch - 1) / prefix.RunBatch;

    static IEnumerable<TrafficRow> Rows(TrainingSession session)
    {
        var (prefix, graph) = (session.Prefix!, session.Model.Graph);
        var shapes = Shapes(session);
        foreach (var node in graph.Nodes)
        {
            if (!prefix.Cut.Prefix[node.Ordinal]) continue;
            var layer = Printable.Name(node.Name.Length > 0 ? node.Name : $"{node.OpType}_{node.Ordinal}");
            var weights = prefix.Cut.ReadsOf(node.Ordinal).Select(graph.Initializer).OfType<OnnxTensor>().ToArray();
            var (count, bytes) = (weights.Sum(w => w.ElementCount) * Runs(prefix), weights.Sum(w => w.Data.Length) * Runs(prefix));
            if (bytes > 0) yield return new(TrafficPhase.Prefix, layer, TrafficOperand.BaseWeights, Access.Stream(count, bytes), default, default);
            if (s_views.Contains(node.OpType)) continue;
            var (read, written) = (Elements(prefix.Cut.ReadsOf(node.Ordinal)), Elements(node.Outputs));
            if (read > 0) yield return new(TrafficPhase.Prefix, layer, TrafficOperand.ActivationIn, Access.Stream(read, 4 * read), default, default);
            if (written > 0) yield return new(TrafficPhase.Prefix, layer, TrafficOperand.ActivationOut, default, Access.Stream(written, 4 * written), default);
        }

        long Elements(IEnumerable<string> names) => names.Sum(name => shapes.GetValueOrDefault(name));
    }

    /// <summary>Elements a step by value name: as this engine would have them, as the file declares them, or as the prefix gave them.</summary>
    static Dictionary<string, long> Shapes(TrainingSession session)
    {
        var (prefix, model) = (session.Prefix!, session.Model);
        var elements = GraphImporter.Shapes(model, session.Import with { Cut = null }).ToDictionary(shape => shape.Key, shape => (long)shape.Value.Count, StringComparer.Ordinal);
        foreach (var info in model.Graph.ValueInfos)
        {
            if (info.Dims is not { Count: > 0 } dims || dims.Skip(1).Any(dim => dim.Value is not (> 0 and <= int.MaxValue))) continue;
            elements.TryAdd(info.Name, dims.Skip(1).Aggregate((long)prefix.Batch, (product, dim) => product > long.MaxValue / dim.Value!.Value ? 0 : product * dim.Value.Value));
        }
        foreach (var value in prefix.Values) elements[value.Name] = (long)prefix.Batch * value.Length;
        return elements;
    }
}
