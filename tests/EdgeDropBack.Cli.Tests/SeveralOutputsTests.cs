using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

/// <summary>A model of three heads, and what accuracy is for sigmoid outputs, as the command line shows them.</summary>
public sealed class SeveralOutputsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void InspectPlanAndPersonalizeNameTheSameOutputAndCountTheSameWeights()
    {
        const long Trained = 6 * 8 + 8 * 3;
        var inspected = Edb.Run("inspect", Heads(), "--json");
        Assert.Equal(0, inspected.Code);
        Assert.Equal((3, "o1", Trained), (inspected.Json.GetProperty("outputs").GetInt32(), inspected.Json.GetProperty("trainedOutput").GetString(),
            inspected.Json.GetProperty("trainable").GetInt64()));
        Assert.Contains("does not lead to output 'o1'", Edb.Run("inspect", Heads()).Out);
        Assert.Equal(Trained, Edb.Run("plan", Heads(), "--lens", "algorithmic", "--json").Json.GetProperty("parameters").GetInt64());
        var run = Train("--json");
        Assert.Equal(("o1", Trained), (run.Json.GetProperty("output").GetString(), run.Json.GetProperty("parameters").GetInt64()));
        Assert.Equal("output 'o1' is trained; the model's others are 'o2', 'o3'", Train().Error.Split('\n')[0]);
    }

    [Fact]
    public void RunWithAStoreComputesEveryOutputAsTheExportDoes()
    {
        Train();
        Assert.Equal(0, Edb.Run("export", Heads(), "--store", _folder["s.edb"], "-o", _folder["mine.onnx"]).Code);
        Assert.Equal(0, Edb.Run("run", Heads(), "--store", _folder["s.edb"], "--input", _folder["data.npz"], "-o", _folder["a.npz"]).Code);
        Assert.Equal(0, Edb.Run("run", _folder["mine.onnx"], "--input", _folder["data.npz"], "-o", _folder["b.npz"]).Code);
        Assert.Equal(File.ReadAllBytes(_folder["b.npz"]), File.ReadAllBytes(_folder["a.npz"]));
    }

    [Fact]
    public void TheConfusionTableShowsTheNamesThatTrainingKept()
    {
        File.WriteAllText(_folder["labels.txt"], "apple\npear\nplum\n");
        Train("--labels", _folder["labels.txt"]);
        var run = Edb.Run("eval", Heads(), "--store", _folder["s.edb"], "--data", _folder["data.npz"], "--confusion");
        Assert.Equal(0, run.Code);
        Assert.All((string[])["0 apple", "1 pear", "2 plum"], name => Assert.Equal(2, run.Out.Split(name).Length - 1));
    }

    [Fact]
    public void TheHintsAfterANewHeadWorkAsTheyStand()
    {
        var run = Train("--new-head");
        Assert.Equal(0, run.Code);
        var hints = run.Out.Split('\n').Where(line => line.StartsWith("  edb ", StringComparison.Ordinal)).ToArray();
        Assert.Contains(hints, hint => hint.StartsWith("  edb compare", StringComparison.Ordinal) && hint.Contains("--new-head", StringComparison.Ordinal));
        foreach (var hint in hints)
        {
            var words = hint.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            string[] more = words[0] == "compare" ? ["--modes", "last-layer"] : [];
            if (words[0] == "export") words[^1] = _folder[words[^1]];
            Assert.Equal((0, words[0]), (Edb.Run([.. words, .. more]).Code, words[0]));
        }
    }

    [Fact]
    public void OneClassIsRefusedForANewHeadAndNamedElsewhere()
    {
        NpzWriter.Write(_folder["one.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(1, 60, 1f), 10, 6)), ("y", NpyArray.From(new long[10], 10))]);
        string[] data = ["--data", _folder["one.npz"], "--store", _folder["s.edb"], "--epochs", "1", "--lr", "0.1"];
        var refused = Edb.Run(["personalize", Heads(), .. data, "--new-head"]);
        Assert.Equal(3, refused.Code);
        Assert.Contains("all 10 samples are of class 0, and a new last layer needs two classes or more", refused.ErrorLine);
        Assert.Contains("warning: all 10 samples of one.npz are of class 0", Edb.Run(["personalize", Heads(), .. data]).Error.Replace(_folder.Path + "/", "", StringComparison.Ordinal));
        Assert.Contains("the figures say nothing about other classes", Edb.Run("eval", Heads(), "--data", _folder["one.npz"]).Error);
    }

    [Theory]
    [InlineData("several", "exact-match", "exact match")]
    [InlineData("one", "single-label", "accuracy")]
    public void EvaluationAndPersonalizationNameTheSameFigure(string labels, string kind, string shown)
    {
        var (x, y) = (TemporaryFolder.Numbers(1, 240, 1f), new float[120]);
        for (var i = 0; i < y.Length; i++) y[i] = labels == "one" ? i % 3 == i / 3 % 3 ? 1f : 0f : x[i] > 0f ? 1f : 0f;
        NpzWriter.Write(_folder["data.npz"], [("x", NpyArray.From(x, 40, 6)), ("y", NpyArray.From(y, 40, 3))]);
        string[] train = ["personalize", Heads(), "--data", _folder["data.npz"], "--test", _folder["data.npz"], "--loss", "bce", "--store", _folder["s.edb"],
            "--epochs", "2", "--lr", "0.1", "--accept-if", "off"];
        var accuracy = Edb.Run([.. train, "--json"]).Json.GetProperty("accuracy");
        Assert.Equal(kind, accuracy.GetProperty("kind").GetString());
        string[] eval = ["eval", Heads(), "--store", _folder["s.edb"], "--data", _folder["data.npz"], "--confusion"];
        var evaluation = Edb.Run([.. eval, "--json"]).Json;
        Assert.Equal(kind, evaluation.GetProperty("accuracyKind").GetString());
        Assert.Equal(accuracy.GetProperty("after").GetDouble(), evaluation.GetProperty("accuracy").GetDouble());
        Assert.Equal(3, evaluation.GetProperty("outputs").GetArrayLength());
        Assert.StartsWith(shown, Edb.Run(eval).Out);
        if (kind == "exact-match")
            Assert.Equal(accuracy.GetProperty("macroF1").GetProperty("after").GetDouble(), evaluation.GetProperty("macroF1").GetDouble());
    }

    EdbRun Train(params string[] more) => Edb.Run(["personalize", Heads(), "--data", _folder.Data(), "--store", _folder["s.edb"], "--epochs", "2", "--lr", "0.1",
        "--budget", "20", "--accept-if", "off", .. more]);

    string Heads()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 6);
        b.Initializer("w0", TemporaryFolder.Numbers(20, 48, 0.4f), 6, 8);
        b.Node("MatMul", ["x", "w0"], ["g"]);
        b.Node("Relu", ["g"], ["h"]);
        for (var head = 1; head <= 3; head++)
        {
            b.Initializer($"w{head}", TemporaryFolder.Numbers(20 + (uint)head, 24, 0.4f), 8, 3);
            b.Node("MatMul", ["h", $"w{head}"], [$"o{head}"], $"head{head}");
            b.Output($"o{head}", OnnxDataType.Float, "N", 3);
        }
        b.Write(_folder["heads.onnx"]);
        return _folder["heads.onnx"];
    }
}
