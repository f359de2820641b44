using System.Text.Json;
using EdgeDropBack.Devices;
using EdgeDropBack.Json;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb plan --json`: what a step takes, known before any training.</summary>
/// <param name="Prefix">How the rows of a frozen prefix were estimated; null where nothing is frozen.</param>
/// <param name="FrozenInLastLayers">The step after the freeze with all tracked weights in the last layers that can hold them; in
/// <paramref name="Steps"/> they are spread over all layers by size.</param>
/// <param name="Fits">Whether the planned peak stays within --memory-limit; true without one.</param>
sealed record PlanJson(string Model, string Profile, int Batch, int Threads, long Parameters, int Budget, string Base, PlanMemoryJson Memory, bool Fits,
    IReadOnlyList<PlanStepJson> Steps, PlanStepJson FrozenInLastLayers, double Ratio, double WeightRatio, string? Prefix, PlanRecomputationJson? Recomputation)
{
    public static void Fields(Utf8JsonWriter json, PlanJson value)
    {
        json.Field("model", value.Model);
        json.Field("profile", value.Profile);
        json.Field("batch", value.Batch);
        json.Field("threads", value.Threads);
        json.Field("parameters", value.Parameters);
        json.Field("budget", value.Budget);
        json.Field("base", value.Base);
        json.Field("memory", value.Memory, PlanMemoryJson.Fields);
        json.Field("fits", value.Fits);
        json.Field("steps", value.Steps, PlanStepJson.Fields);
        json.Field("frozenInLastLayers", value.FrozenInLastLayers, PlanStepJson.Fields);
        json.Field("ratio", value.Ratio);
        json.Field("weightRatio", value.WeightRatio);
        json.Field("prefix", value.Prefix);
        json.Field("recomputation", value.Recomputation, PlanRecomputationJson.Fields);
    }

    public static PlanJson Of(PersonalizeOptions options, PlanStudy study, DevicePlan plan)
    {
        var traffic = plan.Algorithmic;
        return new(options.Model, plan.Profile.Name, options.Session.Batch, plan.Threads, study.Parameters, study.Budget, study.Base,
            new(plan.PeakBytes, plan.Holders), plan.Fits,
            [
                Step("dropback, selecting", traffic.Select, plan.Modelled?.Select), Step("dropback, frozen, spread over all layers", traffic.Frozen, plan.Modelled?.Frozen),
                Step("last layer only", traffic.LastLayer, plan.Modelled?.LastLayer), Step("dense SGD", traffic.Dense, plan.Modelled?.Dense),
            ],
            Step("dropback, frozen, in the last layers only", plan.FrozenInLastLayers, plan.ModelledFrozenInLastLayers),
            traffic.Ratio(traffic.Frozen), traffic.WeightRatio(traffic.Frozen), study.PrefixNote,
            plan.Unlimited is { } unlimited
                ? new(study.RecomputedNodes, traffic.Select.Operations - unlimited.Select.Operations, Milliseconds(unlimited.Select), Milliseconds(traffic.Select))
                : null);

        PlanStepJson Step(string name, StepTraffic step, StepTraffic? modelled)
            => new(name, step.Summary(plan.Profile), step.Operations, Milliseconds(step), step.Footprint?.ArenaBytes ?? 0,
                modelled?.Summary(plan.Profile), modelled is null ? null : Milliseconds(modelled));

        double? Milliseconds(StepTraffic step) => step.On(plan.Profile, plan.Threads).Cost?.RooflineSeconds * 1000;
    }
}

/// <summary>What --memory-limit has computed again in a step before the freeze, and its time with and without.</summary>
sealed record PlanRecomputationJson(int Nodes, long Operations, double? UnlimitedMilliseconds, double? Milliseconds)
{
    public static void Fields(Utf8JsonWriter json, PlanRecomputationJson value)
    {
        json.Field("nodes", value.Nodes);
        json.Field("operations", value.Operations);
        json.Field("unlimitedMilliseconds", value.UnlimitedMilliseconds);
        json.Field("milliseconds", value.Milliseconds);
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

/// <param name="Traffic">By the algorithmic lens.</param>
/// <param name="Modelled">By the modelled lens; null where the profile has no cache, or it was not asked for.</param>
/// <param name="RooflineMilliseconds">A lower bound; null where the profile has no timing.</param>
sealed record PlanStepJson(string Mode, TrafficSummary Traffic, long Operations, double? RooflineMilliseconds, long ArenaBytes,
    TrafficSummary? Modelled, double? ModelledMilliseconds)
{
    public static void Fields(Utf8JsonWriter json, PlanStepJson value)
    {
        json.Field("mode", value.Mode);
        json.Field("traffic", value.Traffic, TrafficJson.Fields);
        json.Field("operations", value.Operations);
        json.Field("rooflineMilliseconds", value.RooflineMilliseconds);
        json.Field("arenaBytes", value.ArenaBytes);
        json.Field("modelled", value.Modelled, TrafficJson.Fields);
        json.Field("modelledMilliseconds", value.ModelledMilliseconds);
    }
}
