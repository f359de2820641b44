using System.Text;
using System.Text.RegularExpressions;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>How many tests pass, and why the others do not: the table in this folder's README, and files for other folders of tests.</summary>
static partial class ConformanceReport
{
    public const string Strings = "strings", Sequences = "sequences and optional values", OtherOperators = "operators outside the lists";

    static readonly string[] s_suites = ["node", "simple", "pytorch-converted", "pytorch-operator"];

    static string Readme => Path.Combine(ConformanceLists.Folder, "README.md");

    public static string Group(string reason) => reason switch
    {
        _ when UnknownOperator().IsMatch(reason) => OtherOperators,
        _ when reason.Contains(" is a sequence", StringComparison.Ordinal) || reason.Contains(" is a optional", StringComparison.Ordinal) => Sequences,
        _ when reason.Contains("String", StringComparison.Ordinal) || reason.Contains("strings", StringComparison.Ordinal) => Strings,
        _ => reason,
    };

    public static string Summary(string suite, IReadOnlyDictionary<string, NodeTestResult> results)
    {
        var compared = results.Values.Count(r => r is { Problem: null, OnnxRuntime: null });
        var text = new StringBuilder($"{suite}: {results.Values.Count(r => r.Problem is null)} of {results.Count} pass, {compared} of them compared with ONNX Runtime\n\n| reason | tests |\n|---|---:|\n");
        foreach (var group in Groups(results.Values.Select(r => r.Problem).OfType<string>().Select(ConformanceLists.Short))) text.Append(group);
        return text.ToString();
    }

    /// <summary>Writes the lists and the summary of another folder of tests; names that the manifest has not are listed apart.</summary>
    /// <returns>The summary.</returns>
    public static string Write(string suite, IReadOnlyDictionary<string, NodeTestResult> results, ConformanceLists lists)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "onnx-tests");
        Directory.CreateDirectory(folder);
        void List(string name, Func<KeyValuePair<string, NodeTestResult>, bool> holds, Func<NodeTestResult, string> text)
            => File.WriteAllLines(Path.Combine(folder, $"{suite}-tests{name}.txt"), results.Where(holds).Select(r => r.Key + text(r.Value)));
        bool IsNew(string name) => !lists.Passing.Contains(name) && !lists.Unsupported.ContainsKey(name);
        var (unknown, lost) = (results.Where(r => IsNew(r.Key)).ToArray(), results.Where(r => lists.Passing.Contains(r.Key) && r.Value.Problem is not null).ToArray());
        var summary = $"{Summary(suite, results)}\n{unknown.Length} names are not in the manifest, {unknown.Count(r => r.Value.Problem is null)} of them pass; "
            + $"{lost.Length} that pass by the manifest do not{string.Concat(lost.Select(r => $"; {r.Key}: {r.Value.Problem}"))}\n\n";
        List("", r => r.Value.Problem is null, _ => "");
        List("-unsupported", r => r.Value.Problem is not null, result => $": {result.Problem}");
        List("-onnxruntime", r => r.Value is { Problem: null, OnnxRuntime: not null }, result => $": {result.OnnxRuntime}");
        List("-not-in-manifest", r => IsNew(r.Key), result => $": {result.Problem ?? "passes"}");
        File.WriteAllText(Path.Combine(folder, $"{suite}-summary.md"), summary);
        return summary;
    }

    /// <summary>The README's table is the one of the lists; EDB_WRITE_ONNX_TESTS=1 writes it.</summary>
    public static void CheckTable()
    {
        var readme = File.ReadAllText(Readme);
        var expected = Marked().Replace(readme, $"<!-- table -->\n{Table()}<!-- /table -->");
        if (Environment.GetEnvironmentVariable("EDB_WRITE_ONNX_TESTS") == "1") File.WriteAllText(Readme, expected);
        else Assert.Equal(expected, readme);
    }

    static string Table()
    {
        var text = new StringBuilder("| suite | tests | pass | of these as in ONNX Runtime | not compared |\n|---|---:|---:|---:|---:|\n");
        foreach (var suite in s_suites)
        {
            var lists = ConformanceLists.Read(suite);
            var (passing, all, apart) = (lists.Passing.Count, lists.Passing.Count + lists.Unsupported.Count, lists.NotCompared.Count);
            text.Append($"| {suite} | {all} | {passing} | {passing - apart} | {apart} |\n");
        }
        text.Append("\nThe others, by reason:\n\n| reason | tests |\n|---|---:|\n");
        foreach (var group in Groups(s_suites.SelectMany(suite => ConformanceLists.Read(suite).Unsupported.Values))) text.Append(group);
        text.Append("\nNot compared with ONNX Runtime, by reason:\n\n| reason | tests |\n|---|---:|\n");
        foreach (var group in Groups(s_suites.SelectMany(suite => ConformanceLists.Read(suite).NotCompared.Values))) text.Append(group);
        return text.ToString();
    }

    static IEnumerable<string> Groups(IEnumerable<string> reasons)
    {
        foreach (var group in reasons.GroupBy(Group).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            var names = group.Select(reason => UnknownOperator().Match(reason)).Where(m => m.Success).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);
            var list = string.Join(", ", names);
            yield return $"| {group.Key}{(list.Length > 0 ? $": {list}" : "")} | {group.Count()} |\n";
        }
    }

    [GeneratedRegex(@"operator (\S+) is not supported")]
    private static partial Regex UnknownOperator();

    [GeneratedRegex("<!-- table -->.*<!-- /table -->", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
