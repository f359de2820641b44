using System.Text.RegularExpressions;

namespace EdgeDropBack.Tests.Readme;

/// <summary>What the README promises.</summary>
public sealed class ReadmeTests
{
    static readonly string s_readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void FirstTwoFencedLinesAreTheMainJobAndTheTests()
    {
        var fenced = Regex.Matches(s_readme, "```sh\n(.*?)```", RegexOptions.Singleline).SelectMany(m => m.Groups[1].Value.Trim().Split('\n')).ToArray();
        Assert.Equal("dotnet run -c Release --project src/EdgeDropBack.Cli -- personalize", fenced[0]);
        Assert.Equal("dotnet test -c Release", fenced[1]);
    }

    [Fact]
    public void TheLibraryExampleIsTheOneThatIsCompiled()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "EdgeDropBack.Tests", "Readme", "ReadmeExample.cs"));
        var body = Between(source, "// <example>\n", "        // </example>").Split('\n').Select(line => line.Length > 8 ? line[8..] : line.Trim());
        var expected = "using EdgeDropBack.Training;\n\n" + string.Join('\n', body).Trim();
        Assert.Equal(expected, Between(s_readme, "<!-- example -->\n```csharp\n", "\n```\n<!-- /example -->").Trim());
    }

    [Fact]
    public void ResultsAreThoseOfTheCommittedTable()
    {
        var table = File.ReadAllText(Path.Combine(Repository.Root, "models", "fashion", "results.md"));
        var rows = Between(s_readme, "<!-- results -->\n", "<!-- /results -->").Trim().Split('\n').Skip(2).ToArray();
        Assert.Equal(7, rows.Length);
        foreach (var row in rows)
        {
            var cells = row.Split('|').Select(cell => cell.Trim()).ToArray();
            var source = table.Split('\n').Single(line => line.StartsWith($"| {cells[1]} |", StringComparison.Ordinal)).Split('|').Select(cell => cell.Trim()).ToArray();
            Assert.Equal(source[2].Split(' ')[0], cells[2]);
            Assert.Equal(source[3].Split(' ')[0], cells[3]);
            Assert.Equal(source[5], cells[4]);
            Assert.Equal(source[6], cells[5]);
            Assert.Equal(source[7], cells[6]);
        }
    }

    [Fact]
    public void FilesThatItNamesAreThere()
    {
        foreach (Match match in Regex.Matches(s_readme, @"`((?:tools|models|device-profiles|src|tests|\.ci)/?[\w./-]*)`"))
        {
            var path = Path.Combine(Repository.Root, match.Groups[1].Value.TrimEnd('/'));
            if (match.Groups[1].Value.Contains("photos", StringComparison.Ordinal)) continue;
            Assert.True(File.Exists(path) || Directory.Exists(path), match.Value);
        }
        foreach (Match match in Regex.Matches(s_readme, @"\]\(([\w./-]+)\)"))
        {
            var path = Path.Combine(Repository.Root, match.Groups[1].Value);
            Assert.True(File.Exists(path) || Directory.Exists(path), match.Value);
        }
    }

    [Fact]
    public void TheEmulationsRunsEndAsTheTableSays()
    {
        var errors = File.ReadLines(Path.Combine(Repository.Root, "tools", "results", "dropback.csv")).Skip(1).Select(line => line.Split(','))
            .ToDictionary(cells => string.Join(',', cells[..5]), cells => cells[5]);
        var emulated = errors.Keys.Where(run => run.StartsWith("emulation,", StringComparison.Ordinal)).ToArray();
        Assert.All(emulated, run => Assert.Equal(errors["edb" + run["emulation".Length..]], errors[run]));
        Assert.Contains($"in all {emulated.Length} runs", s_readme);
    }

    [Fact]
    public void TrainingClassesOfThePresentOnnxRuntimePackageThrow()
    {
        var error = Record.Exception(() =>
        {
            using var state = Microsoft.ML.OnnxRuntime.CheckpointState.LoadCheckpoint("none.ckpt");
        });
        Assert.NotNull(error);
    }

    static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal);
        Assert.True(from >= 0, $"'{start.Trim()}' is missing");
        from += start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
