using System.Text;
using System.Text.Json;
using EdgeDropBack.Data;
using EdgeDropBack.Devices;
using EdgeDropBack.Files;
using EdgeDropBack.Graphs;
using EdgeDropBack.Json;

namespace EdgeDropBack.Traffic;

/// <summary>
/// What crosses the chip boundary in a training step, row by row, next to the dense and the last-layer step. Saved as JSON, described by
/// <c>traffic-report.schema.json</c>.
/// </summary>
public sealed record TrafficReport
{
    public const int CurrentVersion = 2;

    const long MaxFileBytes = 256L << 20;

    public int SchemaVersion { get; init; } = CurrentVersion;

    public required TrafficHeader Header { get; init; }

    /// <summary>Kinds of steps, each by one lens, predicted or counted.</summary>
    public required IReadOnlyList<StepTraffic> Steps { get; init; }

    /// <summary>What hardware counters said of the steps that ran, evaluations between them included; null where nothing ran.</summary>
    public MeasuredTraffic? Measured { get; init; }

    /// <summary>Weight accesses as the thesis counts them.</summary>
    public required IReadOnlyList<ThesisAccesses> Thesis { get; init; }

    /// <summary>The report of a comparison, with energy and time on the device.</summary>
    /// <param name="tracked">Tracked weights by parameter ordinal.</param>
    /// <param name="counted">What steps that ran really did.</param>
    internal static TrafficReport Of(TrafficHeader header, DeviceProfile profile, Graph graph, TrafficComparison comparison,
        IReadOnlyList<int> tracked, params IEnumerable<StepTraffic> counted)
        => new()
        {
            Header = header,
            Steps = [.. comparison.Steps.Concat(counted).Select(step => step.On(profile, header.Threads))],
            Thesis = ThesisAccesses.All(graph, tracked),
        };

    /// <summary>The step of a mode by a lens, predicted unless said otherwise; null where the report has none.</summary>
    public StepTraffic? Step(TrafficMode mode, string origin = StepTraffic.Predicted, string lens = StepTraffic.Algorithmic)
        => Steps.FirstOrDefault(s => s.Mode == mode && s.Origin == origin && s.Lens == lens);

    /// <summary>The four predicted steps by a lens; null where one is missing.</summary>
    public TrafficComparison? Comparison(string lens = StepTraffic.Algorithmic)
    {
        return Of(TrafficMode.Select) is { } select && Of(TrafficMode.Frozen) is { } frozen && Of(TrafficMode.Dense) is { } dense
            && Of(TrafficMode.LastLayer) is { } last ? new TrafficComparison(select, frozen, dense, last) : null;

        StepTraffic? Of(TrafficMode mode) => Step(mode, lens: lens);
    }

    /// <summary>The lenses of the predicted steps, in the report's order.</summary>
    public IEnumerable<string> Lenses => Steps.Select(step => step.Lens).Distinct(StringComparer.Ordinal);

    public string ToJson() => JsonFields.Text(this, TrafficJson.Fields, indented: true);

    /// <exception cref="EdbException">Exit code 1: the file cannot be written.</exception>
    public void Save(string path)
        => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToJson() + "\n")));

    /// <summary>Reads a saved report. The totals must be the sums of the rows.</summary>
    /// <exception cref="EdbException">Exit code 3: unreadable, damaged, or made by a newer version, with both versions.</exception>
    public static TrafficReport Load(string path)
    {
        try
        {
            if (DataFile.IsWithoutLength(path)) throw Damaged(path, "the file is empty or not a regular one", null);
            if (new FileInfo(path) is { Exists: true, Length: > MaxFileBytes } file)
                throw Damaged(path, $"{file.Length} bytes, a report has at most {MaxFileBytes}", null);
            return Parse(File.ReadAllText(path, Encoding.UTF8), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdbException.Refused($"{path}: the report cannot be read; check the path and its permissions", e);
        }
    }

    /// <summary>Whether a file is a report.</summary>
    internal static bool IsAt(string path)
    {
        try
        {
            return Load(path) is not null;
        }
        catch (EdbException)
        {
            return false;
        }
    }

    /// <summary>Reads a report's JSON; <paramref name="name"/> stands in errors.</summary>
    public static TrafficReport Parse(string json, string name)
    {
        try
        {
            var report = JsonReading.Root(Encoding.UTF8.GetBytes(json), root =>
            {
                CheckVersion(root, name);
                return TrafficJsonReader.Read(root);
            });
            report.Check(name);
            return report;
        }
        catch (JsonException e)
        {
            throw Damaged(name, e.Message, e);
        }
    }

    static void CheckVersion(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schemaVersion", out var field)
            || field.ValueKind != JsonValueKind.Number || !field.TryGetInt32(out var version) || version < 1)
            throw Damaged(name, "no schemaVersion", null);
        if (version > CurrentVersion)
            throw EdbException.Refused($"{name}: schema version {version}, this program reads up to {CurrentVersion}; use a newer edb");
    }

    void Check(string name)
    {
        foreach (var step in Steps)
        {
            if (step.Steps < 1) throw Damaged(name, $"a {TrafficNames.Of(step.Mode)} entry of {step.Steps} steps", null);
            if (TrafficTotals.Of(step.Rows) is var sum && sum != step.Totals)
                throw Damaged(name,
                    $"the {TrafficNames.Of(step.Mode)} rows sum to {sum.Bytes} bytes, the total says {step.Totals.Bytes}", null);
        }
    }

    static EdbException Damaged(string name, string reason, Exception? inner)
        => EdbException.Refused($"{name}: not a traffic report ({reason.ReplaceLineEndings(" ")}); write a new one with --report", inner);
}
