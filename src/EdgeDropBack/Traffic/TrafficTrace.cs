using System.Text.Json;

namespace EdgeDropBack.Traffic;

/// <summary>
/// The report's predicted steps as a trace that Chrome and Perfetto open: a track for each lens and kind of step, a slice for each layer and
/// phase in the order of the step. A slice is as long as its share of the bytes in the step's least time, or a microsecond a kilobyte where
/// the device has no timing: nothing in it was measured.
/// </summary>
static class TrafficTrace
{
    public static void Write(TrafficReport report, Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartObject("otherData");
        json.WriteString("model", report.Header.Model);
        json.WriteString("profile", report.Header.Profile);
        json.WriteString("modelled", report.Header.CacheRules);
        json.WriteString("durations", "shares of the step's least time by bytes, not measured");
        json.WriteEndObject();
        json.WriteStartArray("traceEvents");
        var track = 0;
        foreach (var step in report.Steps.Where(step => step.Origin == StepTraffic.Predicted)) WriteStep(json, step, ++track);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteStep(Utf8JsonWriter json, StepTraffic step, int track)
    {
        var name = $"{TrafficNames.Of(step.Mode)}, {step.Lens}";
        Begin(json, "thread_name", "M", track, 0);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
        var perByte = step.Cost?.RooflineSeconds is { } seconds && step.Totals.Bytes > 0 ? seconds * 1e6 / step.Totals.Bytes : 1e-3;
        double time = 0;
        foreach (var slice in InOrder(step))
        {
            var bytes = slice.Sum(row => row.Bytes);
            Begin(json, $"{TrafficNames.Of(slice[0].Phase)} {slice[0].Layer}", "X", track, time);
            json.WriteNumber("dur", bytes * perByte);
            json.WriteStartObject("args");
            foreach (var row in slice)
            {
                json.WriteNumber($"{TrafficNames.Of(row.Operand)} read", row.Read.Bytes);
                json.WriteNumber($"{TrafficNames.Of(row.Operand)} written", row.Write.Bytes);
            }
            json.WriteEndObject();
            json.WriteEndObject();
            time += bytes * perByte;
        }
        for (var i = 0; step.Footprint is { } footprint && i < footprint.Timeline.Count; i++)
        {
            Begin(json, $"live bytes, {name}", "C", track, time * i / footprint.Timeline.Count);
            json.WriteStartObject("args");
            json.WriteNumber("bytes", footprint.Timeline[i].Bytes);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    /// <summary>Rows by layer: the forward in its order, both backward phases from the last layer to the first, then the rest.</summary>
    static IEnumerable<TrafficRow[]> InOrder(StepTraffic step)
    {
        var forward = Layers(row => row.Phase == TrafficPhase.Forward).ToArray();
        var place = forward.Select((rows, index) => (rows[0].Layer, index)).ToDictionary(pair => pair.Layer, pair => pair.index, StringComparer.Ordinal);
        var backward = Layers(row => row.Phase is TrafficPhase.BackwardData or TrafficPhase.BackwardWeight)
            .OrderByDescending(rows => place.GetValueOrDefault(rows[0].Layer));
        return [.. forward, .. backward, .. Layers(row => row.Phase > TrafficPhase.BackwardWeight)];

        IEnumerable<TrafficRow[]> Layers(Func<TrafficRow, bool> wanted)
            => step.Rows.Where(wanted).GroupBy(row => $"{row.Phase} {row.Layer}", StringComparer.Ordinal).Select(group => group.ToArray());
    }

    static void Begin(Utf8JsonWriter json, string name, string kind, int track, double time)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("ph", kind);
        json.WriteNumber("pid", 1);
        json.WriteNumber("tid", track);
        json.WriteNumber("ts", time);
    }
}
