using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.OnnxRuntime;
using EdgeDropBack.Planning;
using EdgeDropBack.Tests.Conformance;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Operators;

/// <summary>The forward of every form that has a gradient, and of some that have none, against Microsoft.ML.OnnxRuntime where that runs it.</summary>
public sealed class OnnxRuntimeOperatorTests
{
    const int Newest = 24;

    static string List => Path.Combine(Repository.Root, "tests", "EdgeDropBack.Tests", "Operators", "not-compared-with-onnxruntime.txt");

    [Fact]
    public void EveryFormGivesWhatOnnxRuntimeGives()
    {
        using var folder = new TemporaryModel();
        GradientCase[] forms = [.. OperatorGradientTests.Cases, .. ForwardCases.All];
        var reasons = forms.Select(form => (form.Name, Reason: Reason(form, folder.Path))).Where(r => r.Reason is not null).ToArray();
        var listed = Listed();
        if (Environment.GetEnvironmentVariable("EDB_WRITE_ONNX_TESTS") == "1")
        {
            var lines = reasons.OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => $"{r.Name}: {listed.GetValueOrDefault(r.Name) ?? r.Reason}\n");
            File.WriteAllText(List, string.Concat(lines));
            listed = Listed();
        }
        Assert.All(listed.Values, reason => Assert.False(ConformanceLists.IsWrong(reason), reason));
        Assert.Empty(reasons.Where(r => !listed.ContainsKey(r.Name)).Select(r => $"{r.Name}: {r.Reason}"));
        Assert.Empty(listed.Keys.Except(reasons.Select(r => r.Name)));
    }

    /// <summary>Forms that the newest operator set still has; ONNX Runtime refuses the others.</summary>
    [Fact]
    public void NewerOperatorSetsMeanTheSame()
    {
        using var folder = new TemporaryModel();
        var listed = Listed();
        var reasons = OperatorGradientTests.Cases.Where(form => !listed.ContainsKey(form.Name)).Select(form => Reason(form with { Opset = Newest }, folder.Path)).ToArray();
        Assert.DoesNotContain(reasons.OfType<string>(), ConformanceLists.IsWrong);
        Assert.InRange(reasons.Count(reason => reason is null), reasons.Length / 2, reasons.Length);
    }

    static Dictionary<string, string> Listed() => File.ReadAllLines(List).Select(line => line.Split(": ", 2)).ToDictionary(p => p[0], p => p[1]);

    /// <summary>Null where both give the same.</summary>
    static string? Reason(GradientCase form, string path)
    {
        var build = new CaseModel(form.Opset);
        form.Build(build);
        File.WriteAllBytes(path, build.ToBytes());
        try
        {
            using var model = OnnxRuntimeModel.Open(path, [], asWritten: true);
            var theirs = model.Run([("one", [1f], [1])])[0];
            return theirs is null ? "gives what is no number" : Closeness.Difference("y", Ours(build), theirs, OnnxDataType.Float);
        }
        catch (EdbException e)
        {
            return OnnxRuntimeReason.Of(e.Message);
        }
    }

    static float[] Ours(CaseModel build)
    {
        using var model = build.Open();
        var graph = GraphImporter.Import(model, new ImportOptions());
        var plan = Planner.ForInference(graph);
        using var workers = new Workers(1);
        using var arena = new AlignedBuffer(plan.ArenaFloats);
        var executor = new Executor(plan, arena, workers, new DenseValues(graph.Parameters));
        if (plan.ValueBuffers[graph.Inputs[0].Id] is not null) executor.Values(graph.Inputs[0])[0] = 1f;
        var meter = default(NoMeter);
        executor.Forward(ref meter, isTraining: false);
        return executor.Values(graph.Outputs[0]).ToArray();
    }

    sealed class TemporaryModel : IDisposable
    {
        readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edb-");

        public string Path => System.IO.Path.Combine(_folder.FullName, "case.onnx");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
