using EdgeDropBack.Graphs;

namespace EdgeDropBack.Planning;

/// <summary>
/// Finds where to cut the forward so that an arena fits: a cut at a time, the one that helps most, until it does. Cuts are tried where few
/// floats cross them.
/// </summary>
static class RecomputationSearch
{
    const int MostCandidates = 48;

    /// <returns>Of what fits the fewest operations that run twice; the smallest arena that was found where nothing fits.</returns>
    public static (Recomputation Recomputation, TrainingPlan Plan) Fit(Graph graph, Value lossInput, Func<Parameter, bool> wants, long arenaFloats)
    {
        var best = (Recomputation: Recomputation.None, Plan: Planner.ForTraining(graph, lossInput, wants));
        var candidates = Candidates(best.Plan);
        while (best.Plan.ArenaFloats > arenaFloats)
        {
            var next = candidates.Except(best.Recomputation.Cuts).Select(Add).OrderByDescending(t => t.Plan.ArenaFloats <= arenaFloats)
                .ThenBy(t => t.Plan.ArenaFloats <= arenaFloats ? t.Plan.RecomputedMultiplyAdds : t.Plan.ArenaFloats).ToArray();
            if (next.Length == 0 || next[0].Plan.ArenaFloats >= best.Plan.ArenaFloats) break;
            best = next[0];
        }
        return best;

        (Recomputation Recomputation, TrainingPlan Plan) Add(int cut)
        {
            var more = best.Recomputation.With(cut);
            return (more, Planner.ForTraining(graph, lossInput, wants, more));
        }
    }

    /// <summary>Places in the forward order where no fewer floats cross one node earlier or later, those with the fewest first.</summary>
    static int[] Candidates(TrainingPlan plan)
    {
        var nodes = plan.Forward;
        var crossing = new long[nodes[^1].Index + 2];
        var made = new Dictionary<PlannedBuffer, int>();
        var read = new Dictionary<PlannedBuffer, int>();
        foreach (var node in nodes)
        {
            foreach (var input in node.Inputs) if (input is not null) read[input] = node.Index;
            foreach (var output in node.Outputs) if (output is not null) made.TryAdd(output, node.Index);
        }
        foreach (var (buffer, from) in made)
            for (var cut = from + 1; cut <= read.GetValueOrDefault(buffer, from); cut++) crossing[cut] += buffer.Floats;
        // A cut in front of a Relu that is part of another node lets it run by itself again.
        return [.. Enumerable.Range(nodes[0].Index + 1, nodes[^1].Index - nodes[0].Index)
            .Where(i => crossing[i] <= crossing[i - 1] && crossing[i] <= crossing[i + 1])
            .OrderBy(i => crossing[i]).ThenBy(i => i).Take(MostCandidates)];
    }
}
