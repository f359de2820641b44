using EdgeDropBack.Graphs;

namespace EdgeDropBack.Traffic;

/// <summary>
/// Off-chip weight accesses of one step as Golub (2018) counts them, in weights: each is touched once in forward, once in backward-data
/// and once in the update, off-chip unless it is regenerated (or zero). With a stored base the reads stay dense and only the update
/// shrinks.
/// </summary>
public sealed record ThesisAccesses(TrafficMode Mode, long Forward, long BackwardData, long Update)
{
    public long Total => Forward + BackwardData + Update;

    /// <param name="tracked">Tracked weights by parameter ordinal.</param>
    internal static ThesisAccesses Of(Graph graph, IReadOnlyList<int> tracked, TrafficMode mode)
    {
        var all = graph.ParameterCount;
        if (mode == TrafficMode.Dense) return new ThesisAccesses(mode, all, all, all);
        if (mode == TrafficMode.LastLayer)
        {
            var last = AlgorithmicLens.LastLayer(graph, graph.TrainedOutput ?? graph.Outputs[0]).Sum(p => (long)p.Count);
            return new ThesisAccesses(mode, all, last, last);
        }
        var offChip = graph.Parameters.Sum(p => p.Base.BytesPerElement == 0 ? tracked[p.Ordinal] : (long)p.Count);
        return new ThesisAccesses(mode, offChip, offChip, graph.Parameters.Sum(p => (long)tracked[p.Ordinal]));
    }

    /// <summary>All four kinds of steps, dense first.</summary>
    internal static IReadOnlyList<ThesisAccesses> All(Graph graph, IReadOnlyList<int> tracked)
        => [.. Enum.GetValues<TrafficMode>().Select(mode => Of(graph, tracked, mode))];
}
