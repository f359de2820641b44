using System.Text.Json;
using EdgeDropBack.Json;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Json;

/// <summary>A line of `edb plan --all-profiles` or `--budgets`: one device and one budget, by the device's own lens where it has one.</summary>
sealed record PlanLineJson(string Profile, string Lens, int Budget, long PlannedPeakBytes, bool Fits, TrafficSummary Dense, TrafficSummary Select,
    TrafficSummary Frozen, double Ratio, double WeightRatio, double? FrozenMilliseconds)
{
    public static void Fields(Utf8JsonWriter json, PlanLineJson value)
    {
        json.Field("profile", value.Profile);
        json.Field("lens", value.Lens);
        json.Field("budget", value.Budget);
        json.Field("plannedPeakBytes", value.PlannedPeakBytes);
        json.Field("fits", value.Fits);
        json.Field("dense", value.Dense, TrafficJson.Fields);
        json.Field("select", value.Select, TrafficJson.Fields);
        json.Field("frozen", value.Frozen, TrafficJson.Fields);
        json.Field("ratio", value.Ratio);
        json.Field("weightRatio", value.WeightRatio);
        json.Field("frozenMilliseconds", value.FrozenMilliseconds);
    }

    public static PlanLineJson Of(PlanStudy study, DevicePlan plan)
    {
        var (profile, traffic) = (plan.Profile, plan.Nearest);
        return new(profile.Name, plan.NearestLens, study.Budget, plan.PeakBytes, plan.Fits, traffic.Dense.Summary(profile),
            traffic.Select.Summary(profile), traffic.Frozen.Summary(profile), traffic.Ratio(traffic.Frozen), traffic.WeightRatio(traffic.Frozen),
            traffic.Frozen.On(profile, plan.Threads).Cost?.RooflineSeconds * 1000);
    }
}

/// <summary>`edb plan --all-profiles --json` and `--budgets --json`.</summary>
sealed record PlanLinesJson(string Model, int Batch, long Parameters, IReadOnlyList<PlanLineJson> Lines)
{
    public static void Fields(Utf8JsonWriter json, PlanLinesJson value)
    {
        json.Field("model", value.Model);
        json.Field("batch", value.Batch);
        json.Field("parameters", value.Parameters);
        json.Field("lines", value.Lines, PlanLineJson.Fields);
    }
}
