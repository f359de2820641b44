using System.Text.RegularExpressions;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>The lists of one suite, which stand beside this file.</summary>
/// <param name="OtherReleases">Why tests of other ONNX releases than the packaged one cannot pass.</param>
sealed partial record ConformanceLists(IReadOnlySet<string> Passing, IReadOnlyDictionary<string, string> Unsupported,
    IReadOnlyDictionary<string, string> NotCompared, IReadOnlyDictionary<string, string> OtherReleases)
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "EdgeDropBack.Tests", "Conformance");

    /// <summary>The result was computed, and is another.</summary>
    public static bool IsWrong(string problem) => WrongResult().IsMatch(problem);

    public static ConformanceLists Read(string suite)
        => new(File.ReadAllLines(PathOf(suite, "")).ToHashSet(StringComparer.Ordinal), Reasons(PathOf(suite, "-unsupported")),
            Reasons(PathOf(suite, "-onnxruntime")), Reasons(PathOf(suite, "-other-releases")));

    /// <summary>Lists of what was found; reasons that somebody gave are kept where there still is a problem.</summary>
    public static ConformanceLists Write(string suite, IReadOnlyDictionary<string, NodeTestResult> results, ConformanceLists old)
    {
        Write(PathOf(suite, ""), results.Where(r => r.Value.Problem is null).Select(r => r.Key));
        Write(PathOf(suite, "-unsupported"), Lines(results, r => r.Problem, old.Unsupported));
        Write(PathOf(suite, "-onnxruntime"), Lines(results, r => r.OnnxRuntime, old.NotCompared));
        return Read(suite);
    }

    /// <summary>The result, with the reason that somebody gave for a wrong one.</summary>
    public NodeTestResult Explained(string name, NodeTestResult result)
        => result.Problem is { } problem && IsWrong(problem) && (Unsupported.GetValueOrDefault(name) ?? OtherReleases.GetValueOrDefault(name)) is { } reason
            ? new(reason, null) : result;

    /// <summary>No test is on two lists, and no wrong result goes without a reason.</summary>
    public void Check()
    {
        Assert.Empty(Passing.Intersect(Unsupported.Keys));
        Assert.Empty(NotCompared.Keys.Except(Passing));
        Assert.All(Unsupported.Values.Concat(NotCompared.Values), reason => Assert.False(IsWrong(reason), reason));
    }

    public IEnumerable<string> Complaints(IReadOnlyDictionary<string, NodeTestResult> results)
    {
        foreach (var (name, (problem, onnxRuntime)) in results)
        {
            if (problem is not null && !Unsupported.ContainsKey(name)) yield return $"{name}: {problem}";
            if (problem is null && !Passing.Contains(name)) yield return $"{name} passes, list it";
            if (onnxRuntime is not null && !NotCompared.ContainsKey(name)) yield return $"{name}: ONNX Runtime {onnxRuntime}";
            if (problem is null && onnxRuntime is null && NotCompared.ContainsKey(name)) yield return $"{name} is as in ONNX Runtime, strike it off";
        }
    }

    /// <summary>Without the node's place, and without what a user could do.</summary>
    public static string Short(string problem) => Surroundings().Replace(problem, "");

    static IEnumerable<string> Lines(
        IReadOnlyDictionary<string, NodeTestResult> results, Func<NodeTestResult, string?> problem, IReadOnlyDictionary<string, string> old)
        => results.Where(r => problem(r.Value) is not null).Select(r => $"{r.Key}: {old.GetValueOrDefault(r.Key) ?? Short(problem(r.Value)!)}");

    static string PathOf(string suite, string list) => Path.Combine(Folder, $"{suite}-tests{list}.txt");

    static Dictionary<string, string> Reasons(string path)
        => File.Exists(path) ? File.ReadAllLines(path).Select(line => line.Split(": ", 2)).ToDictionary(p => p[0], p => p[1]) : [];

    static void Write(string path, IEnumerable<string> lines) => File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));

    [GeneratedRegex("^(differs|fails)")]
    private static partial Regex WrongResult();

    [GeneratedRegex(@"^node .*?\(node \d+\): |; .*$")]
    private static partial Regex Surroundings();
}
