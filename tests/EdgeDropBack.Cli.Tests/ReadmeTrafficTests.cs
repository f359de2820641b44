using System.Text.Json;

namespace EdgeDropBack.Cli.Tests;

/// <summary>The README's table of off-chip bytes is what `edb plan --all-profiles` says of the shipped model.</summary>
public sealed class ReadmeTrafficTests
{
    const string Start = "<!-- traffic -->\n", End = "<!-- /traffic -->";

    /// <summary>Set EDGEDROPBACK_WRITE_GOLDEN=1 to write the table anew.</summary>
    [Fact]
    public void TheTableIsThatOfThePlan()
    {
        var root = Root();
        var readme = Path.Combine(root, "README.md");
        var text = File.ReadAllText(readme);
        var (from, to) = (text.IndexOf(Start, StringComparison.Ordinal) + Start.Length, text.IndexOf(End, StringComparison.Ordinal));
        var plan = Edb.Run("plan", Path.Combine(root, "models", "fashion", "model.onnx"), "--all-profiles", "--json").Json;
        var table = Table(plan);
        if (Environment.GetEnvironmentVariable("EDGEDROPBACK_WRITE_GOLDEN") == "1") File.WriteAllText(readme, text = text[..from] + table + text[to..]);
        Assert.Equal(table, text[from..text.IndexOf(End, StringComparison.Ordinal)]);
    }

    static string Table(JsonElement plan)
    {
        var lines = "| device | lens | dense | weights | DropBack, selecting | weights | DropBack, frozen | weights |\n|---|---|---:|---:|---:|---:|---:|---:|\n";
        foreach (var line in plan.GetProperty("lines").EnumerateArray())
            lines += $"| `{line.GetProperty("profile").GetString()}` | {line.GetProperty("lens").GetString()} "
                + $"| {Cells(line.GetProperty("dense"))} | {Cells(line.GetProperty("select"))} | {Cells(line.GetProperty("frozen"))} |\n";
        return lines;
    }

    static string Cells(JsonElement step) => $"{Megabytes(step, "totalBytes")} | {Megabytes(step, "weightBytes")}";

    static string Megabytes(JsonElement step, string name)
        => (step.GetProperty(name).GetInt64() / 1e6).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EdgeDropBack.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
