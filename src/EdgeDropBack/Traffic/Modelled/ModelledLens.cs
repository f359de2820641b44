using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Traffic;

/// <summary>
/// The device's view of a step: the accesses of its kernels, in their loops' order and at their own offsets, through a model of the last-level
/// cache. Fills are read from DRAM, write-backs are written to it. The step is run twice and the second is counted, as in a training that
/// goes on.
/// </summary>
static class ModelledLens
{
    const uint PlaceStream = 2;

    /// <summary>How many untracked weights pass a select step's threshold, and how many enter, where no step has said it: shares of k.</summary>
    const int CandidateShare = 20, EnteredShare = 100;

    /// <summary>One step, known before training starts.</summary>
    /// <param name="plan">Of that step.</param>
    /// <param name="tracked">Null for dense and last-layer steps.</param>
    public static StepTraffic Predict(TrainingPlan plan, TrackedSet? tracked, TrafficMode mode, CacheRules rules, ReplayOptions options)
    {
        var stream = new CacheStream(rules, new LayerMap(plan.Graph));
        var replay = Replay(plan, tracked, mode, stream, options);
        replay.Run();
        stream.Clear();
        replay.Run();
        return stream.ToTraffic(StepTraffic.Predicted, mode, options.Operations);
    }

    /// <summary>A step to be run event by event.</summary>
    public static StepReplay Replay(TrainingPlan plan, TrackedSet? tracked, TrafficMode mode, CacheStream stream, ReplayOptions options)
    {
        var memory = new ReplayMemory(plan, tracked, options.OptimizerFloats);
        StepGradients gradients = mode switch
        {
            TrafficMode.Select => new SelectionAccesses(memory, plan.GradientsOf, options.Candidates, options.Entered, options.OptimizerFloats),
            TrafficMode.Frozen => new SampledUpdateAccesses(memory, options.OptimizerFloats, options.Clips),
            _ => new DenseUpdateAccesses(memory, plan.GradientsOf, options.OptimizerFloats, options.Clips),
        };
        return new StepReplay(plan, memory, gradients, stream, stream.Layers, options.Passes);
    }

    /// <summary>The four steps of <see cref="AlgorithmicLens.Compare"/> by this lens.</summary>
    /// <param name="tracked">The tracked weights where they lie.</param>
    /// <param name="algorithmic">The same steps by the other lens, for their operations.</param>
    /// <param name="plan">As there.</param>
    public static TrafficComparison Compare(Graph graph, Value lossInput, Func<Parameter, bool> isTrainable, TrackedSet tracked, CacheRules rules,
        TrafficComparison algorithmic, int optimizerFloats, bool clips, Func<Func<Parameter, bool>, TrainingPlan>? plan = null)
    {
        var all = Planner.ForTraining(graph, lossInput, isTrainable);
        plan ??= wants => Planner.ForTraining(graph, lossInput, wants);
        var last = AlgorithmicLens.LastLayer(graph, lossInput);
        var options = new ReplayOptions
        {
            OptimizerFloats = optimizerFloats,
            Clips = clips,
            Candidates = tracked.Capacity / CandidateShare,
            Entered = tracked.Capacity / EnteredShare,
        };
        return new TrafficComparison(
            Step(plan(isTrainable), tracked, algorithmic.Select), Frozen(isTrainable, tracked, rules, algorithmic.Frozen, optimizerFloats, clips, plan),
            Step(all, null, algorithmic.Dense), Step(Planner.ForTraining(graph, lossInput, last.Contains), null, algorithmic.LastLayer));

        StepTraffic Step(TrainingPlan plan, TrackedSet? set, StepTraffic like)
            => Predict(plan, set, like.Mode, rules, options with { Operations = like.Operations });
    }

    /// <summary>The step after the freeze alone, which visits only parameters that have tracked weights.</summary>
    /// <param name="algorithmic">The same step by the other lens, for its operations.</param>
    public static StepTraffic Frozen(Func<Parameter, bool> isTrainable, TrackedSet tracked, CacheRules rules, StepTraffic algorithmic,
        int optimizerFloats, bool clips, Func<Func<Parameter, bool>, TrainingPlan> plan)
        => Predict(plan(tracked.Count > 0 ? p => tracked[p.Ordinal].Count > 0 : isTrainable), tracked, TrafficMode.Frozen, rules,
            new() { OptimizerFloats = optimizerFloats, Clips = clips, Operations = algorithmic.Operations });

    /// <summary>Tracked weights at places drawn evenly without replacement in each parameter.</summary>
    /// <param name="counts">By parameter ordinal.</param>
    public static TrackedSet Spread(Graph graph, IReadOnlyList<int> counts, uint seed, int optimizerFloats = 0)
    {
        var set = new TrackedSet([.. graph.Parameters.Select(p => new TrackedTensor(p.Name, p.Count))], counts.Sum(), optimizerFloats);
        set.BeginUpdate();
        var position = 0L;
        foreach (var parameter in graph.Parameters)
        {
            long left = parameter.Count, wanted = counts[parameter.Ordinal];
            for (var i = 0; i < parameter.Count && wanted > 0; i++, left--, position++)
            {
                if ((ulong)IndexedRandom.Hash(seed, PlaceStream, (ulong)position) * (ulong)left >> 32 >= (ulong)wanted) continue;
                set.Append(parameter.Ordinal, i, 0f);
                wanted--;
            }
        }
        set.Commit();
        return set;
    }
}
