using System.Text;
using System.Text.Json;

namespace EdgeDropBack.Devices;

/// <summary>
/// A profile captured from the running machine, in the format of <c>device-profiles/</c>: what Linux says is a source, the rest is marked
/// as an estimate. Bandwidth has to be measured, and is left out where it was not. Where the kernel shows no caches, they are those of the
/// shipped profile for this board.
/// </summary>
static class ProfileCapture
{
    /// <summary>One 128-bit fused multiply-add a cycle, which every core in the shipped profiles reaches.</summary>
    const int AssumedFlopPerCycle = 8;

    const double AssumedClockGHz = 1.5;

    static readonly JsonWriterOptions s_indented = new() { Indented = true };

    /// <summary>The profile as JSON text, named <paramref name="name"/>.</summary>
    public static string ToJson(HostInfo host, string name = "captured", CopyBandwidth? bandwidth = null)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_indented))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 1);
            json.WriteString("name", name);
            json.WriteString("title", host.Board ?? host.Processor ?? "unknown machine");
            Texts(json, "deviceTreeModels", host.Board is null ? [] : [host.Board]);
            Texts(json, "instructionSets", host.Features);
            WriteCores(json, host);
            json.WriteStartArray("caches");
            foreach (var cache in host.Caches.Where(IsComplete))
                WriteCache(json, cache);
            if (!host.Caches.Any(IsComplete) && host.Board is { } board && DeviceProfile.ForBoard(board) is { } shipped)
                foreach (var cache in shipped.Caches)
                    WriteCache(json, cache, shipped.Name);
            json.WriteEndArray();
            if (bandwidth is not null)
                WriteDram(json, host, bandwidth);
            WriteEnergy(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    static bool IsComplete(HostCache cache) =>
        cache.Level is >= 1 and <= 3 && cache.Ways > 0 && cache.LineBytes > 0 && cache.Bytes % ((long)cache.Ways * cache.LineBytes) == 0;

    static void WriteCores(Utf8JsonWriter json, HostInfo host)
    {
        json.WriteStartArray("cores");
        int others = host.LogicalCores - host.PerformanceCores;
        foreach (var (count, kind) in new[] { (host.PerformanceCores, "performance"), (others, "efficiency") })
        {
            if (count <= 0)
                continue;
            json.WriteStartObject();
            json.WriteNumber("count", count);
            json.WriteString("microarchitecture", host.Processor ?? "unknown");
            json.WriteString("kind", kind);
            if (host.MaxClockGHz > 0)
                WriteFigure(json, "clockGHz", host.MaxClockGHz, "cpufreq, highest clock", estimate: kind == "efficiency");
            else
                WriteFigure(json, "clockGHz", AssumedClockGHz, "not shown by the kernel", estimate: true);
            WriteFigure(json, "flopPerCycle", AssumedFlopPerCycle, "one 128-bit fused multiply-add a cycle", estimate: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteCache(Utf8JsonWriter json, HostCache cache)
    {
        json.WriteStartObject();
        json.WriteString("level", CacheProfile.Levels[cache.Level - 1]);
        json.WriteString("kind", CacheProfile.Kinds.Contains(cache.Kind) ? cache.Kind : "unified");
        json.WriteNumber("bytes", cache.Bytes);
        json.WriteNumber("ways", cache.Ways);
        json.WriteNumber("lineBytes", cache.LineBytes);
        json.WriteNumber("sharedBy", Math.Max(1, cache.SharedBy));
        json.WriteString("source", "/sys/devices/system/cpu");
        json.WriteEndObject();
    }

    static void WriteCache(Utf8JsonWriter json, CacheProfile cache, string profile)
    {
        json.WriteStartObject();
        json.WriteString("level", cache.Level);
        json.WriteString("kind", cache.Kind);
        json.WriteNumber("bytes", cache.Bytes);
        json.WriteNumber("ways", cache.Ways);
        json.WriteNumber("lineBytes", cache.LineBytes);
        json.WriteNumber("sharedBy", cache.SharedBy);
        json.WriteString("source", $"profile {profile}: the kernel shows no caches");
        json.WriteEndObject();
    }

    static void WriteDram(Utf8JsonWriter json, HostInfo host, CopyBandwidth bandwidth)
    {
        json.WriteStartObject("dram");
        json.WriteString("kind", "not told by the system");
        WriteFigure(json, "memoryBytes", Math.Max(1, host.MemoryBytes), "/proc/meminfo", estimate: false);
        WriteFigure(json, "peakGBs", Math.Round(2 * bandwidth.CopyMBs / 1000, 2), "twice the copy rate of one core: a floor", estimate: true);
        WriteFigure(json, "copyMBs", Math.Round(bandwidth.CopyMBs), "measured by edb info --profile, one core", estimate: false);
        WriteFigure(json, "setMBs", Math.Round(bandwidth.SetMBs), "measured by edb info --profile, one core", estimate: false);
        json.WriteEndObject();
    }

    static void WriteEnergy(Utf8JsonWriter json)
    {
        json.WriteStartObject("energy");
        json.WriteString("unit", EnergyProfile.PerBit);
        WriteFigure(json, "low", 4, "LPDDR4 assumed", estimate: true);
        WriteFigure(json, "central", 8, "LPDDR4 assumed", estimate: true);
        WriteFigure(json, "high", 14, "LPDDR4 assumed", estimate: true);
        json.WriteEndObject();
    }

    static void WriteFigure(Utf8JsonWriter json, string name, double value, string source, bool estimate)
    {
        json.WriteStartObject(name);
        json.WriteNumber("value", value);
        if (estimate)
            json.WriteBoolean("estimate", true);
        json.WriteString("source", source);
        json.WriteEndObject();
    }

    static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
