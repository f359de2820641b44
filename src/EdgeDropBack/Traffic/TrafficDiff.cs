using EdgeDropBack.Json;

namespace EdgeDropBack.Traffic;

/// <summary>What changed from report a to report b.</summary>
sealed record TrafficDiff(IReadOnlyList<TrafficDiffLine> Lines)
{
    /// <summary>Both reports have the same rows.</summary>
    public bool IsEmpty => Lines.Count == 0;

    /// <summary>Compares row by row, each entry by its bytes a step; the largest change first.</summary>
    /// <exception cref="EdbException">Exit code 3: another model or batch, so that the rows do not mean the same.</exception>
    public static TrafficDiff Compare(TrafficReport a, TrafficReport b)
    {
        Require("model", a.Header.ModelHash, b.Header.ModelHash);
        Require("batch", $"{a.Header.Batch}", $"{b.Header.Batch}");
        var (left, right) = (Rows(a), Rows(b));
        var lines = new List<TrafficDiffLine>();
        foreach (var (key, bytes) in left)
            Add(lines, key, bytes, right.GetValueOrDefault(key));
        foreach (var (key, bytes) in right)
            if (!left.ContainsKey(key)) Add(lines, key, 0, bytes);
        return new TrafficDiff([.. lines.OrderByDescending(line => Math.Abs(line.Change))]);
    }

    public string ToJson() => JsonFields.Text(this, TrafficJson.Fields, indented: true);

    static void Add(List<TrafficDiffLine> lines, Key key, long a, long b)
    {
        if (a != b) lines.Add(new TrafficDiffLine(key.Lens, key.Origin, key.Mode, key.Phase, key.Layer, key.Operand, a, b));
    }

    static Dictionary<Key, long> Rows(TrafficReport report)
    {
        var rows = new Dictionary<Key, long>();
        foreach (var step in report.Steps)
            foreach (var row in step.Rows)
            {
                var key = new Key(step.Lens, step.Origin, step.Mode, row.Phase, row.Layer, row.Operand);
                rows[key] = rows.GetValueOrDefault(key) + row.Bytes / step.Steps;
            }
        return rows;
    }

    static void Require(string what, string a, string b)
    {
        if (a != b)
            throw EdbException.Refused($"the reports cannot be compared: {what} {a} in the first, {what} {b} in the second; "
                + "compare reports of the same model and batch");
    }

    readonly record struct Key(string Lens, string Origin, TrafficMode Mode, TrafficPhase Phase, string Layer, TrafficOperand Operand);
}
