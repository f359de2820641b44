using System.Text.Json;
using EdgeDropBack.Devices;
using EdgeDropBack.Json;

namespace EdgeDropBack.Traffic;

/// <summary>Writes reports, their differences and their parts as JSON.</summary>
static class TrafficJson
{
    public static void Fields(Utf8JsonWriter json, TrafficReport report)
    {
        json.Field("schemaVersion", report.SchemaVersion);
        json.Field("header", report.Header, Fields);
        json.Field("steps", report.Steps, Fields);
        json.Field("thesis", report.Thesis, Fields);
        json.Field("measured", report.Measured, Fields);
    }

    public static void Fields(Utf8JsonWriter json, MeasuredTraffic measured)
    {
        json.Field("unavailable", measured.Unavailable);
        json.Field("events", measured.Events, Fields);
    }

    public static void Fields(Utf8JsonWriter json, MeasuredEvent measured)
    {
        json.Field("name", measured.Name);
        json.Field("perStep", measured.PerStep);
    }

    public static void Fields(Utf8JsonWriter json, TrafficDiff diff)
    {
        json.Field("lines", diff.Lines, Fields);
        json.Field("isEmpty", diff.IsEmpty);
    }

    public static void Fields(Utf8JsonWriter json, TrafficSummary summary)
    {
        json.Field("totalBytes", summary.TotalBytes);
        json.Field("weightBytes", summary.WeightBytes);
        json.Field("activationBytes", summary.ActivationBytes);
        json.Field("readBytes", summary.ReadBytes);
        json.Field("writeBytes", summary.WriteBytes);
        Energy(json, summary.EnergyJoules);
    }

    public static void Fields(Utf8JsonWriter json, TrafficHeader header)
    {
        json.Field("profile", header.Profile);
        json.Field("profileHash", header.ProfileHash);
        json.Field("cacheRules", header.CacheRules);
        json.Field("energyUnit", header.EnergyUnit);
        json.Field("energyLow", header.EnergyLow);
        json.Field("energyCentral", header.EnergyCentral);
        json.Field("energyHigh", header.EnergyHigh);
        json.Field("energySource", header.EnergySource);
        json.Field("model", header.Model);
        json.Field("modelHash", header.ModelHash);
        json.Field("batch", header.Batch);
        json.Field("parameters", header.Parameters);
        json.Field("budget", header.Budget);
        json.Field("seed", header.Seed);
        json.Field("baseKind", header.BaseKind);
        json.Field("select", header.Select);
        json.Field("optimizerFloats", header.OptimizerFloats);
        json.Field("threads", header.Threads);
        json.Field("prefix", header.Prefix);
        json.Field("version", header.Version);
    }

    public static void Fields(Utf8JsonWriter json, StepTraffic step)
    {
        json.Field("lens", step.Lens);
        json.Field("origin", step.Origin);
        json.Field("mode", TrafficNames.Of(step.Mode));
        json.Field("steps", step.Steps);
        json.Field("operations", step.Operations);
        json.Field("rows", step.Rows, Fields);
        json.Field("totals", step.Totals, Fields);
        json.Field("footprint", step.Footprint, Fields);
        json.Field("cost", step.Cost, Fields);
    }

    public static void Fields(Utf8JsonWriter json, TrafficRow row)
    {
        json.Field("phase", TrafficNames.Of(row.Phase));
        json.Field("layer", row.Layer);
        json.Field("operand", TrafficNames.Of(row.Operand));
        Moved(json, row.Read, row.Write, row.Regenerated);
    }

    public static void Fields(Utf8JsonWriter json, TrafficTotals totals)
    {
        Moved(json, totals.Read, totals.Write, totals.Regenerated);
        json.Field("weightBytes", totals.WeightBytes);
        json.Field("activationBytes", totals.ActivationBytes);
        json.Field("bufferBytes", totals.BufferBytes);
        json.Field("bytes", totals.Bytes);
    }

    public static void Fields(Utf8JsonWriter json, Footprint footprint)
    {
        json.Field("arenaBytes", footprint.ArenaBytes);
        json.Field("peakLiveBytes", footprint.PeakLiveBytes);
        json.Field("peakAt", footprint.PeakAt);
        json.Field("holders", footprint.Holders, Fields);
        json.Field("outside", footprint.Outside, Fields);
        json.Field("timeline", footprint.Timeline, Fields);
        json.Field("totalBytes", footprint.TotalBytes);
    }

    public static void Fields(Utf8JsonWriter json, FootprintItem item)
    {
        json.Field("name", item.Name);
        json.Field("use", item.Use);
        json.Field("bytes", item.Bytes);
    }

    public static void Fields(Utf8JsonWriter json, TrafficCost cost)
    {
        Energy(json, cost.EnergyJoules);
        json.Field("rooflineSeconds", cost.RooflineSeconds);
    }

    public static void Fields(Utf8JsonWriter json, ThesisAccesses count)
    {
        json.Field("mode", TrafficNames.Of(count.Mode));
        json.Field("forward", count.Forward);
        json.Field("backwardData", count.BackwardData);
        json.Field("update", count.Update);
        json.Field("total", count.Total);
    }

    public static void Fields(Utf8JsonWriter json, TrafficDiffLine line)
    {
        json.Field("lens", line.Lens);
        json.Field("origin", line.Origin);
        json.Field("mode", TrafficNames.Of(line.Mode));
        json.Field("phase", TrafficNames.Of(line.Phase));
        json.Field("layer", line.Layer);
        json.Field("operand", TrafficNames.Of(line.Operand));
        json.Field("bytesA", line.BytesA);
        json.Field("bytesB", line.BytesB);
        json.Field("change", line.Change);
    }

    static void Moved(Utf8JsonWriter json, Access read, Access write, Regeneration regenerated)
    {
        Moved(json, "read", read);
        Moved(json, "write", write);
        json.WriteStartObject("regenerated");
        json.Field("elements", regenerated.Elements);
        json.Field("avoidedBytes", regenerated.AvoidedBytes);
        json.WriteEndObject();
    }

    static void Moved(Utf8JsonWriter json, string name, Access access)
    {
        json.WriteStartObject(name);
        json.Field("elements", access.Elements);
        json.Field("bytes", access.Bytes);
        json.Field("lines", access.Lines);
        json.WriteEndObject();
    }

    static void Energy(Utf8JsonWriter json, EnergyRange energy)
    {
        json.WriteStartObject("energyJoules");
        json.Field("low", energy.Low);
        json.Field("central", energy.Central);
        json.Field("high", energy.High);
        json.WriteEndObject();
    }
}
