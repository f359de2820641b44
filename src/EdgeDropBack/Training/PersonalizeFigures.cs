using EdgeDropBack.Devices;
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
            Tracked = session.Trainer.Tracked?.Count ?? (int)session.Setup.TrainableCount,
            Budget = session.BudgetCount,
            Steps = run.State.Step,
            Batch = options.Session.Batch,
            Threads = session.Workers.Count,
            Seed = options.Session.Seed,
            Mode = TrainableParameters.Name(options.Session.Mode),
            Select = options.Select == SelectMode.Once ? "once" : "exact",
            Score = options.Score == ScoreMode.Layer ? "layer" : "global",
            Rate = rate,
            FrozenAt = run.State.FrozenAt,
            Loss = new(Finite(run.State.FirstLoss, run.State.LastLoss), Finite(run.State.LastLoss, run.State.FirstLoss)),
            Accuracy = accuracy,
            StepMilliseconds = run.StepMilliseconds(),
            Memory = new(plan.Sum(item => item.Bytes), ProcessMemory.Read().PeakResident, plan),
            Store = store,
            Traffic = Traffic(session, run, profile),
            Skipped = [.. job.DataSets.SelectMany(set => set.Skipped).Select(s => $"{s.Name}: {s.Reason}")],
            Accepted = refusal is null,
            Refusal = refusal,
        };
    }

    static TrafficFigures Traffic(TrainingSession session, TrainingRun run, DeviceProfile profile)
    {
        var slots = new Optimizer(session.Options.Optimizer, session.Options.Momentum).Slots;
        var tracked = session.Trainer.Tracked is { } set ? [.. set.Tensors.Select(t => t.Count)] : new int[session.Graph.Parameters.Count];
        var comparison = AlgorithmicLens.Compare(session.Graph, session.LossInput, session.Setup.IsTrainable, tracked, slots);
        var dense = session.Options.Mode == TrainingMode.Dense ? comparison.Dense
            : AlgorithmicLens.Compare(session.Graph, session.LossInput, _ => true, tracked, slots).Dense;
        var step = session.Options.Mode == TrainingMode.Dense ? dense : session.Trainer.IsFrozen ? comparison.Frozen : comparison.Select;
        var selects = session.Options.Mode == TrainingMode.DropBack && run.State.FrozenAt != 0;
        var (perStep, densePerStep) = (step.Summary(profile), dense.Summary(profile));
        return new(profile.Name, perStep, selects ? comparison.Select.Summary(profile) : null, densePerStep, comparison.LastLayer.Summary(profile),
            (double)densePerStep.TotalBytes / perStep.TotalBytes, (double)densePerStep.WeightBytes / perStep.WeightBytes);
    }

    static double Finite(double first, double other) => double.IsNaN(first) ? double.IsNaN(other) ? 0 : other : first;
}
