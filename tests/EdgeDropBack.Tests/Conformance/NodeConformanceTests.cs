using System.Text.RegularExpressions;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>
/// The ONNX project's own node tests against two lists in this folder: node-tests.txt names those that pass, node-tests-unsupported.txt
/// all others, each with its reason. EDB_ONNX_TESTDATA names another folder of that form; EDB_WRITE_NODE_TESTS=1 writes the lists anew.
/// </summary>
public sealed class NodeConformanceTests
{
    static readonly string s_folder = Environment.GetEnvironmentVariable("EDB_ONNX_TESTDATA") ?? "/usr/share/libonnx-testdata/data/node";
    static readonly string s_lists = Path.Combine(Repository.Root, "tests", "EdgeDropBack.Tests", "Conformance");

    static string Passing => Path.Combine(s_lists, "node-tests.txt");

    static string Unsupported => Path.Combine(s_lists, "node-tests-unsupported.txt");

    [SkippableFact]
    public void EveryNodeTestPassesOrIsListedWithItsReason()
    {
        Skip.IfNot(Directory.Exists(s_folder), $"{s_folder} is not there: apt install libonnx-testdata, or set EDB_ONNX_TESTDATA");
        var problems = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var folder in Directory.GetDirectories(s_folder))
        {
            var test = new NodeTest(folder);
            problems[test.Name] = test.Problem();
        }
        if (Environment.GetEnvironmentVariable("EDB_WRITE_NODE_TESTS") == "1") Write(problems);

        var passing = File.ReadAllLines(Passing).ToHashSet();
        var unsupported = File.ReadAllLines(Unsupported).Select(line => line.Split(": ", 2)).ToDictionary(p => p[0], p => p[1]);
        Assert.Empty(passing.Intersect(unsupported.Keys));
        Assert.All(unsupported.Values, reason => Assert.Matches("^(?!differs|fails).+", reason));
        var failures = problems.Where(p => p.Value is not null && !unsupported.ContainsKey(p.Key)).Select(p => $"{p.Key}: {p.Value}");
        var unlisted = problems.Where(p => p.Value is null && !passing.Contains(p.Key)).Select(p => $"{p.Key} passes; list it in node-tests.txt");
        Assert.Equal([], failures.Concat(unlisted));
    }

    static void Write(SortedDictionary<string, string?> problems)
    {
        var known = File.Exists(Unsupported)
            ? File.ReadAllLines(Unsupported).Select(line => line.Split(": ", 2)).ToDictionary(p => p[0], p => p[1])
            : [];
        foreach (var (name, reason) in known) if (problems[name] is not null) problems[name] = reason;
        File.WriteAllLines(Passing, problems.Where(p => p.Value is null).Select(p => p.Key));
        File.WriteAllLines(Unsupported, problems.Where(p => p.Value is not null).Select(p => $"{p.Key}: {Short(p.Value!)}"));
    }

    /// <summary>Without the node's place, and without what a user could do.</summary>
    static string Short(string problem) => Regex.Replace(problem, @"^node .*?\(node \d+\): |; .*$", "");
}
