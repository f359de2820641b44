using Xunit.Abstractions;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>
/// The ONNX project's own tests against three lists a suite in this folder: SUITE-tests.txt names those that pass,
/// SUITE-tests-unsupported.txt all others, each with its reason, and SUITE-tests-onnxruntime.txt those that pass and were not compared
/// with ONNX Runtime, or for a reason differ from it. EDB_ONNX_TESTDATA names another folder with the suites in it, or a folder of node
/// tests: there nothing may give a wrong result, but for what SUITE-tests-other-releases.txt explains, and what was found is written to
/// artifacts/onnx-tests. EDB_WRITE_ONNX_TESTS=1 writes the lists anew and keeps the reasons that are there.
/// </summary>
public sealed class OnnxConformanceTests(ITestOutputHelper output)
{
    static readonly string? s_other = Environment.GetEnvironmentVariable("EDB_ONNX_TESTDATA");
    static readonly string s_data = s_other ?? "/usr/share/libonnx-testdata/data";

    [SkippableTheory]
    [InlineData("node")]
    [InlineData("simple")]
    [InlineData("pytorch-converted")]
    [InlineData("pytorch-operator")]
    public void EveryTestPassesOrIsListedWithItsReason(string suite)
    {
        var folder = Folder(suite);
        var lists = ConformanceLists.Read(suite);
        var results = new SortedDictionary<string, NodeTestResult>(StringComparer.Ordinal);
        foreach (var test in Tests(folder)) results[test.Name] = test.Result();
        if (s_other is not null)
        {
            results = new(results.ToDictionary(r => r.Key, r => lists.Explained(r.Key, r.Value)), StringComparer.Ordinal);
            output.WriteLine(ConformanceReport.Write(suite, results, lists));
            Assert.Empty(results.Where(r => r.Value.Problem is { } problem && ConformanceLists.IsWrong(problem)).Select(r => $"{r.Key}: {r.Value.Problem}"));
            return;
        }
        output.WriteLine(ConformanceReport.Summary(suite, results));
        if (Environment.GetEnvironmentVariable("EDB_WRITE_ONNX_TESTS") == "1") lists = ConformanceLists.Write(suite, results, lists);
        lists.Check();
        Assert.Empty(lists.Complaints(results));
    }

    /// <summary>What the program claims to support it has to support in every form that the tests have, but for a few reasons.</summary>
    [SkippableTheory]
    [InlineData("node")]
    [InlineData("simple")]
    [InlineData("pytorch-converted")]
    [InlineData("pytorch-operator")]
    public void OfTheListedOperatorsOnlyWhatCannotBeDoneIsMissing(string suite)
    {
        var folder = Folder(suite);
        Skip.If(s_other is not null, "the lists are those of the packaged tests");
        var lists = ConformanceLists.Read(suite);
        var missing = Tests(folder).Where(test => lists.Unsupported.ContainsKey(test.Name) && test.Operators().IsSubsetOf(ListedOperators.All));
        Assert.All(missing, test => Assert.Contains(ConformanceReport.Group(lists.Unsupported[test.Name]), ListedOperators.GoodReasons));
    }

    [Fact]
    public void TheTableIsThatOfTheLists() => ConformanceReport.CheckTable();

    static string Folder(string suite)
    {
        var folder = Path.Combine(s_data, suite);
        if (suite == "node" && !Directory.Exists(folder)) folder = s_data;
        Skip.IfNot(Directory.Exists(folder), $"{folder} is not there: apt install libonnx-testdata, or set EDB_ONNX_TESTDATA");
        return folder;
    }

    static IEnumerable<NodeTest> Tests(string folder) => Directory.GetDirectories(folder)
        .Where(path => File.Exists(Path.Combine(path, "model.onnx"))).Order(StringComparer.Ordinal).Select(path => new NodeTest(path));
}
