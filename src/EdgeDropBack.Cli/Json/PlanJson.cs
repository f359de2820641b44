using System.Text.Json;
using EdgeDropBack.Devices;
using EdgeDropBack.Json;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb plan --json`: what a step takes, known before any training.</summary>
/// <param name="Fits">Whether the planned peak stays within --memory-limit; true without one.</param>
sealed record PlanJson(string Model, string Profile, int Batch, int Threads, long Parameters, int Budget, PlanMemoryJson Memory, bool Fits,
    IReadOnlyList<PlanStepJson> Steps, double Ratio, double WeightRatio)
{
    public static void Fields(Utf8JsonWriter json, PlanJson value)
    {
        json.Field("model", value.Model);
        json.Field("profile", value.Profile);
        json.Field("batch", value.Batch);
        json.Field("threads", value.Threads);
        json.Field("parameters", value.Parameters);
        json.Field("budget", value.Budget);
        json.Field("memory", value.Memory, PlanMemoryJson.Fields);
        json.Field("fits", value.Fits);
        json.Field("steps", value.Steps, PlanStepJson.Fields);
        json.Field("ratio", value.Ratio);
        json.Field("weightRatio", value.WeightRatio);
    }

    /// <param name="options">Its data is not looked at: samples take memory of their own.</param>
    public static PlanJson Of(PersonalizeOptions options, int threads)
    {
        var profile = DeviceProfile.Load(options.Profile);
        var cores = threads > 0 ? threads : Math.Max(1, profile.PerformanceCores);
        using var session = TrainingSession.Open(options.Model, options.Session with { Threads = 1 });
        var slots = new Optimizer(options.Session.Optimizer, options.Session.Momentum).Slots;
        var tracked = AlgorithmicLens.Spread(session.Graph, session.Setup.IsTrainable, session.BudgetCount);
        var traffic = AlgorithmicLens.Compare(session.Graph, session.LossInput, session.Setup.IsTrainable, tracked, slots);
        var holders = MemoryPlan.Of(session, options, sampleBytes: 0);
        var peak = holders.Sum(item => item.Bytes);
        return new(options.Model, profile.Name, options.Session.Batch, cores, session.Setup.TrainableCount, session.BudgetCount,
            new(peak, holders),
            !(peak > options.MemoryLimit),
            [
                Step("dropback, selecting", traffic.Select), Step("dropback, frozen", traffic.Frozen),
                    Step("last layer only", traffic.LastLayer),
                Step("dense SGD", traffic.Dense),
            ],
            traffic.Ratio(traffic.Frozen), traffic.WeightRatio(traffic.Frozen));

        PlanStepJson Step(string name, StepTraffic step)
            => new(name, step.Summary(profile), step.Operations, step.On(profile, cores).Cost?.RooflineSeconds * 1000,
                step.Footprint?.ArenaBytes ?? 0);
    }
}

sealed record PlanMemoryJson(long PlannedPeakBytes, IReadOnlyList<MemoryItem> Plan)
{
    public static void Fields(Utf8JsonWriter json, PlanMemoryJson value)
    {
        json.Field("plannedPeakBytes", value.PlannedPeakBytes);
        json.Field("plan", value.Plan, ResultJson.Fields);
    }
}

/// <param name="RooflineMilliseconds">A lower bound; null where the profile has no timing.</param>
sealed record PlanStepJson(string Mode, TrafficSummary Traffic, long Operations, double? RooflineMilliseconds, long ArenaBytes)
{
    public static void Fields(Utf8JsonWriter json, PlanStepJson value)
    {
        json.Field("mode", value.Mode);
        json.Field("traffic", value.Traffic, TrafficJson.Fields);
        json.Field("operations", value.Operations);
        json.Field("rooflineMilliseconds", value.RooflineMilliseconds);
        json.Field("arenaBytes", value.ArenaBytes);
    }
}
