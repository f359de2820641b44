using EdgeDropBack.Devices;
using EdgeDropBack.Planning;
using EdgeDropBack.Prefixes;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>Gathers what a finished run has to say.</summary>
static class PersonalizeFigures
{
    public static PersonalizeResult Collect(PersonalizeJob job, TrainingRun run, float rate, AccuracyFigures accuracy, DeviceProfile profile,
        StoreFigures store, string? refusal)
    {
        var (options, session) = (job.Options, job.Session);
        var plan = MemoryPlan.Of(job);
        return new()
        {
            Model = options.Model,
            Parameters = session.Setup.Graph.ParameterCount,
            Output = session.TrainedOutput,
            Tracked = session.Trainer.Tracked?.Count ?? (int)session.Setup.TrainableCount,
            Budget = session.BudgetCount,
            Steps = run.State.Step,
            Batch = options.Session.Batch,
            Threads = session.Workers.Count,
            Seed = options.Session.Seed,
            Mode = TrainableParameters.Name(options.Session.Mode),
            Select = options.Select.Name(),
            Score = options.Score == ScoreMode.Layer ? "layer" : "global",
            Rate = rate,
            FrozenAt = run.State.FrozenAt,
            Churn = double.IsNaN(run.State.FirstChurn) ? null : new(run.State.FirstChurn, run.State.LastChurn),
            FreezeAfter = options.Freeze.ToString(),
            InitDecay = options.Session.InitDecay,
            BaseFactor = session.Setup.Decay.Factor,
            Loss = new(Finite(run.State.FirstLoss, run.State.LastLoss), Finite(run.State.LastLoss, run.State.FirstLoss)),
            Accuracy = accuracy,
            StepMilliseconds = run.StepMilliseconds(),
            EpochMilliseconds = run.EpochMilliseconds(),
            Memory = new(plan.Sum(item => item.Bytes), ProcessMemory.Read().PeakResident, plan) { AnonymousBytes = ProcessMemory.Read().Anonymous },
            Store = store,
            Traffic = Traffic(session, run, profile),
            Prefix = session.Prefix is { } prefix ? Figures(prefix) : null,
            Throttled = job.Throttle.Figures,
            Skipped = [.. job.DataSets.SelectMany(set => set.SkippedLines)],
            Notes = [.. job.DataSets.SelectMany(set => set.Notes).Distinct()],
            Accepted = refusal is null,
            Refusal = refusal,
        };
    }

    /// <summary>The step as DropBack, dense SGD and last layer, with the tracked weights as they lie now.</summary>
    /// <param name="limited">With what --memory-limit has computed again or in micro-batches.</param>
    public static TrafficComparison Compare(TrainingSession session, bool limited = true) => PrefixTraffic.With(Trained(session, limited), session);

    static TrafficComparison Trained(TrainingSession session, bool limited)
    {
        var (graph, lossInput) = session.WholeBatch;
        var (tracked, slots) = (Tracked(session), Slots(session));
        var comparison = AlgorithmicLens.Compare(graph, lossInput, session.Setup.IsTrainable, tracked, slots,
            plan: limited && session.Passes == 1 ? session.Setup.Plan : null);
        if (limited && session.Passes > 1)
            comparison = comparison with { Frozen = AlgorithmicLens.Predict(FrozenPlan(session), tracked, TrafficMode.Frozen, slots, passes: session.Passes) };
        if (session.Options.Mode is TrainingMode.DropBack or TrainingMode.Dense) return comparison;
        return comparison with { Dense = AlgorithmicLens.Compare(graph, lossInput, _ => true, tracked, slots).Dense };
    }

    public static TrafficReport Report(PersonalizeJob job, DeviceProfile profile)
    {
        var (options, session) = (job.Options, job.Session);
        var header = TrafficHeader.Of(profile, session.Graph, options.Model, session.Model.Sha256, session.BudgetCount, options.Session.Seed,
            options.Select.Name(), Slots(session), session.Workers.Count);
        header = header with { Prefix = PrefixTraffic.Note(session) };
        var comparison = Compare(session);
        return TrafficReport.Of(header, profile, session.Graph, comparison, Tracked(session), Modelled(session, profile, comparison)?.Steps ?? []);
    }

    /// <summary>The same steps by the modelled lens; null where the profile has no cache, or nothing is tracked in this mode.</summary>
    static TrafficComparison? Modelled(TrainingSession session, DeviceProfile profile, TrafficComparison algorithmic)
    {
        if (CacheRules.Of(profile) is not { } rules || session.Trainer.Tracked is not { } tracked) return null;
        var (graph, lossInput) = session.WholeBatch;
        var comparison = ModelledLens.Compare(graph, lossInput, session.Setup.IsTrainable, tracked, rules, algorithmic, Slots(session),
            session.Options.Clip > 0f, session.Passes == 1 ? session.Setup.Plan : null);
        if (session.Passes == 1) return comparison;
        var options = new ReplayOptions
        {
            OptimizerFloats = Slots(session),
            Clips = session.Options.Clip > 0f,
            Passes = session.Passes,
            Operations = algorithmic.Frozen.Operations,
        };
        return comparison with { Frozen = ModelledLens.Predict(FrozenPlan(session), tracked, TrafficMode.Frozen, rules, options) };
    }

    static TrainingPlan FrozenPlan(TrainingSession session)
    {
        var tracked = session.Trainer.Tracked!;
        return session.Setup.Plan(p => tracked[p.Ordinal].Count > 0 || tracked.Count == 0 && session.Setup.IsTrainable(p));
    }

    static TrafficFigures Traffic(TrainingSession session, TrainingRun run, DeviceProfile profile)
    {
        var comparison = Compare(session);
        var step = session.Options.Mode == TrainingMode.Dense ? comparison.Dense : session.Trainer.IsFrozen ? comparison.Frozen : comparison.Select;
        var selects = session.Options.Mode == TrainingMode.DropBack && run.State.FrozenAt != 0;
        var (perStep, densePerStep) = (step.Summary(profile), comparison.Dense.Summary(profile));
        return new(profile.Name, step.Lens, perStep, selects ? comparison.Select.Summary(profile) : null, densePerStep, comparison.LastLayer.Summary(profile),
            (double)densePerStep.TotalBytes / perStep.TotalBytes, (double)densePerStep.WeightBytes / perStep.WeightBytes)
        {
            FirstTrackedLayer = FirstTrackedLayer(session),
            EveryLayerPerStep = session.Trainer.Tracked is { Count: > 0 } ? EveryLayer(session).Summary(profile) : null,
        };
    }

    static string? FirstTrackedLayer(TrainingSession session)
    {
        if (session.Trainer.Tracked is not { Count: > 0 } tracked) return null;
        var layers = new LayerMap(session.Graph);
        return layers.Names[session.Graph.Parameters.Where(p => tracked[p.Ordinal].Count > 0).Min(layers.Of)];
    }

    /// <summary>A step after the freeze as `edb plan` predicts it: tracked weights spread over all layers by size.</summary>
    static StepTraffic EveryLayer(TrainingSession session)
    {
        var (graph, lossInput) = session.WholeBatch;
        var counts = AlgorithmicLens.Spread(graph, session.Setup.IsTrainable, session.BudgetCount);
        var comparison = AlgorithmicLens.Compare(graph, lossInput, session.Setup.IsTrainable, counts, Slots(session),
            plan: session.Passes == 1 ? session.Setup.Plan : null);
        return PrefixTraffic.With(comparison.Frozen, session);
    }

    static PrefixFigures Figures(FrozenPrefix prefix) => new(prefix.Cut.Spec, prefix.Runtime, prefix.Cut.PrefixNodes, prefix.Cut.Values, prefix.RunBatch,
        prefix.Computed, prefix.Cache?.Hits ?? 0, prefix.Cache?.Path, prefix.Cache?.Bytes ?? 0, prefix.Cache?.Sha256, prefix.Cache?.Damaged ?? 0, prefix.ResidentBytes);

    static int[] Tracked(TrainingSession session)
        => session.Trainer.Tracked is { } set ? [.. set.Tensors.Select(t => t.Count)] : new int[session.Graph.Parameters.Count];

    static int Slots(TrainingSession session) => new Optimizer(session.Options.Optimizer, session.Options.Momentum).Slots;

    static double Finite(double first, double other) => double.IsNaN(first) ? double.IsNaN(other) ? 0 : other : first;
}
