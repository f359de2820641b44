using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeDropBack.Cli.Tests;

/// <summary>
/// What the README, models/fashion/results.md, results.csv and the picture say of the shipped example is what the commands print.
/// `tools/fashion_table.py` writes them.
/// </summary>
public sealed class PublishedFiguresTests : IDisposable
{
    static readonly string s_example = Path.Combine(Root(), "models", "fashion");
    static readonly Dictionary<string, string>[] s_runs = Runs();

    readonly TemporaryFolder _folder = new();

    static string[] Names => [.. s_runs.Select(run => run["mode"]).Distinct()];

    public static TheoryData<string> Modes => new(Names);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Modes))]
    public void FirstSeedRunsAsPublished(string mode)
    {
        var published = s_runs.First(run => run["mode"] == mode);
        var options = published["options"].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var run = Edb.Run(["personalize", Path.Combine(s_example, "model.onnx"), "--data", File("user-train.npz"), "--test", File("user-test.npz"),
            "--retain", File("retain-test.npz"), "--replay", File("replay.npz"), "--labels", File("labels.txt"), "--seed", "1", "--lr", published["rate"],
            "--store", _folder["user.edb"], "--picture", _folder["user.svg"], "--accept-if", "user>=-1", "--json", .. options]);

        Assert.True(run.Code == 0, run.Error);
        var (accuracy, traffic) = (run.Json.GetProperty("accuracy"), run.Json.GetProperty("traffic"));
        foreach (var name in (string[])["before", "after", "retainBefore", "retainAfter"])
            Assert.Equal(double.Parse(published[name], CultureInfo.InvariantCulture), accuracy.GetProperty(name).GetDouble());
        Assert.Equal(published["tracked"], run.Json.GetProperty("tracked").GetRawText());
        Assert.Equal(published["bytesPerStep"], traffic.GetProperty("perStep").GetProperty("totalBytes").GetRawText());
        Assert.Equal(published["weightBytesPerStep"], traffic.GetProperty("perStep").GetProperty("weightBytes").GetRawText());
        Assert.Equal(published["denseBytesPerStep"], traffic.GetProperty("densePerStep").GetProperty("totalBytes").GetRawText());
        if (options.Length == 0) Assert.Equal(WithoutImages(File("personalized.svg")), WithoutImages(_folder["user.svg"]));
    }

    [Fact]
    public void DenseFigureIsOneEverywhere()
    {
        var dense = Assert.Single(s_runs.Select(run => run["denseBytesPerStep"]).Distinct());
        Assert.All(s_runs.Where(run => run["mode"] == "dense SGD"), run => Assert.Equal(dense, run["bytesPerStep"]));
        var plan = Edb.Run("plan", Path.Combine(s_example, "model.onnx"), "--lens", "algorithmic", "--json").Json;
        Assert.Equal(dense, plan.GetProperty("steps")[3].GetProperty("traffic").GetProperty("totalBytes").GetRawText());
    }

    [Fact]
    public void PlanBracketsTheFrozenStepOfTheRun()
    {
        var frozen = long.Parse(s_runs[0]["bytesPerStep"], CultureInfo.InvariantCulture);
        var plan = Edb.Run("plan", Path.Combine(s_example, "model.onnx"), "--lens", "algorithmic", "--json").Json;
        Assert.InRange(frozen, Total(plan.GetProperty("frozenInLastLayers")), Total(plan.GetProperty("steps")[1]));

        static long Total(JsonElement step) => step.GetProperty("traffic").GetProperty("totalBytes").GetInt64();
    }

    [Fact]
    public void TableHoldsTheMediansOfTheRuns()
    {
        var table = System.IO.File.ReadAllLines(File("results.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToArray();
        Assert.Equal(Names.Length, table.Length);
        foreach (var runs in s_runs.GroupBy(run => run["mode"]))
        {
            var cells = Assert.Single(table, line => line.StartsWith($"| {runs.Key} |", StringComparison.Ordinal)).Split('|').Select(cell => cell.Trim()).ToArray();
            Assert.StartsWith(Median(runs, "before", "after"), cells[2]);
            Assert.StartsWith(Median(runs, "retainBefore", "retainAfter"), cells[3]);
            Assert.Equal(runs.First()["tracked"], cells[5].Replace(",", "", StringComparison.Ordinal));
            Assert.Equal(runs.First()["storeBytes"], cells[6].Replace(",", "", StringComparison.Ordinal));
            Assert.Equal(runs.First()["bytesPerStep"], cells[7].Replace(",", "", StringComparison.Ordinal));
            Assert.Equal(runs.First()["weightBytesPerStep"], cells[8].Replace(",", "", StringComparison.Ordinal));
        }
    }

    static string Median(IEnumerable<Dictionary<string, string>> runs, string before, string after)
    {
        var changes = runs.Select(run => 100 * (Number(run[after]) - Number(run[before]))).Order().ToArray();
        return changes[changes.Length / 2].ToString("+0.0;-0.0;+0.0", CultureInfo.InvariantCulture) + " (";

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Thumbnails are compressed by the runtime's zlib, whose output may differ between versions.</summary>
    static string WithoutImages(string path) => Regex.Replace(System.IO.File.ReadAllText(path), "base64,[^\"]*", "base64,");

    static string File(string name) => Path.Combine(s_example, name);

    static Dictionary<string, string>[] Runs()
    {
        var lines = System.IO.File.ReadAllLines(File("results.csv")).Select(Cells).ToArray();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    /// <summary>A line of CSV, some of whose cells are quoted.</summary>
    static string[] Cells(string line) => [.. Regex.Matches(line, "(?:^|,)(?:\"([^\"]*)\"|([^,]*))").Select(cell => cell.Groups[1].Value + cell.Groups[2].Value)];

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "EdgeDropBack.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
