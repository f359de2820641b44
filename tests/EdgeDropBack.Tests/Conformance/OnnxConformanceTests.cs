using System.Text.RegularExpressions;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>
/// The ONNX project's own tests against two lists a suite in this folder: SUITE-tests.txt names those that pass, SUITE-tests-unsupported.txt
/// all others, each with its reason. EDB_ONNX_TESTDATA names another folder with the suites in it, or a folder of node tests;
/// EDB_WRITE_ONNX_TESTS=1 writes the lists anew and keeps the reasons that are there.
/// </summary>
public sealed class OnnxConformanceTests
{
    static readonly string s_data = Environment.GetEnvironmentVariable("EDB_ONNX_TESTDATA") ?? "/usr/share/libonnx-testdata/data";

    [SkippableTheory]
    [InlineData("node")]
    [InlineData("pytorch-converted")]
    [InlineData("pytorch-operator")]
    public void EveryTestPassesOrIsListedWithItsReason(string suite)
    {
        var folder = Path.Combine(s_data, suite);
        if (suite == "node" && !Directory.Exists(folder)) folder = s_data;
        Skip.IfNot(Directory.Exists(folder), $"{folder} is not there: apt install libonnx-testdata, or set EDB_ONNX_TESTDATA");
        var list = Path.Combine(Repository.Root, "tests", "EdgeDropBack.Tests", "Conformance", suite + "-tests.txt");
        var reasons = list.Replace("-tests.txt", "-tests-unsupported.txt", StringComparison.Ordinal);
        var problems = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var test in Directory.GetDirectories(folder).Select(path => new NodeTest(path))) problems[test.Name] = test.Problem();
        if (Environment.GetEnvironmentVariable("EDB_WRITE_ONNX_TESTS") == "1") Write(problems, list, reasons);

        var passing = File.ReadAllLines(list).ToHashSet();
        var unsupported = Reasons(reasons);
        Assert.Empty(passing.Intersect(unsupported.Keys));
        Assert.All(unsupported.Values, reason => Assert.Matches("^(?!differs|fails).+", reason));
        var failures = problems.Where(p => p.Value is not null && !unsupported.ContainsKey(p.Key)).Select(p => $"{p.Key}: {p.Value}");
        var unlisted = problems.Where(p => p.Value is null && !passing.Contains(p.Key)).Select(p => $"{p.Key} passes, list it");
        Assert.True(!failures.Any() && !unlisted.Any(), string.Join('\n', failures.Concat(unlisted)));
    }

    static Dictionary<string, string> Reasons(string path)
        => File.Exists(path) ? File.ReadAllLines(path).Select(line => line.Split(": ", 2)).ToDictionary(p => p[0], p => p[1]) : [];

    static void Write(SortedDictionary<string, string?> problems, string list, string reasons)
    {
        foreach (var (name, reason) in Reasons(reasons))
            if (problems.GetValueOrDefault(name) is not null) problems[name] = reason;
        File.WriteAllLines(list, problems.Where(p => p.Value is null).Select(p => p.Key));
        File.WriteAllLines(reasons, problems.Where(p => p.Value is not null).Select(p => $"{p.Key}: {Short(p.Value!)}"));
    }

    /// <summary>Without the node's place, and without what a user could do.</summary>
    static string Short(string problem) => Regex.Replace(problem, @"^node .*?\(node \d+\): |; .*$", "");
}
