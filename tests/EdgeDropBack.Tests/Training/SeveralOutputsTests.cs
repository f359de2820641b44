using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Library;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>Of several outputs one is trained, which every way to train agrees on; the others keep their weights.</summary>
public sealed class SeveralOutputsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Model, trained output, and the weights that lead to it.</summary>
    public static TheoryData<string, string, int> Models
    {
        get
        {
            const int Trunk = HeadsModel.Features * HeadsModel.Hidden + HeadsModel.Hidden, Head = HeadsModel.Hidden * HeadsModel.Classes + HeadsModel.Classes;
            return new()
            {
                { "three heads", "o1", Trunk + Head },
                { "outputs in another order", "o3", Trunk + Head },
                { "auxiliary output last", "o1", Trunk + Head },
                { "label and probabilities", "probabilities", Trunk + Head },
                { "logits and softmax", "logits", Trunk + Head },
                { "input passed through", "o1", Trunk + Head },
                { "constant first", "o1", Trunk + Head },
                { "head behind the head", "o1", Trunk + Head },
                { "tied heads", "o1", Trunk + Head - HeadsModel.Classes },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void TheFirstOutputThatWeightsLeadToIsTrained(string kind, string output, int weights)
    {
        using var session = TrainingSession.Open(Model(kind), new() { Batch = 4, Threads = 1 });
        Assert.Equal((output, weights), (session.TrainedOutput, session.Setup.TrainableCount));
        Assert.Equal(session.Graph.ParameterCount, session.Setup.TrainableCount);
        Assert.Equal(HeadsModel.Classes, session.Outputs);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void ReportedEvaluatedAndExportedAgreeInEveryMode(string kind, string output, int weights)
    {
        foreach (var mode in (TrainingMode[])[TrainingMode.DropBack, TrainingMode.LastLayer])
        {
            var result = Personalize(kind, mode, newHead: false);
            Assert.Equal((output, weights), (result.Output, (int)result.Parameters));
            var evaluation = Inference.Evaluate(Model(kind), _folder["user.edb"], _folder["data.npz"], null, null);
            Assert.Equal(result.Accuracy.After, evaluation.Accuracy);
            RequireExport(kind, output, HeadsModel.Classes);
        }
    }

    [Theory]
    [InlineData("three heads", "o1")]
    [InlineData("outputs in another order", "o3")]
    [InlineData("auxiliary output last", "o1")]
    [InlineData("label and probabilities", "probabilities")]
    [InlineData("logits and softmax", "logits")]
    public void ANewHeadIsTheTrainedOutputs(string kind, string output)
    {
        var result = Personalize(kind, TrainingMode.LastLayer, newHead: true);
        Assert.Equal(2 * HeadsModel.Hidden + 2, result.Tracked);
        RequireExport(kind, output, 2);
        using var exported = OnnxModel.Open(_folder["mine.onnx"]);
        using var own = OnnxModel.Open(Model(kind));
        Assert.Equal(2, exported.Graph.Outputs.First(o => o.Name == output).Dims![1].Value);
        foreach (var tensor in own.Graph.Initializers.Where(t => !ResizedOrTrained(t.Name, output)))
            Assert.Equal(tensor.ReadFloats(), exported.Graph.Initializer(tensor.Name)!.ReadFloats());
        if (kind == "logits and softmax") Assert.Equal(2, exported.Graph.Outputs[1].Dims![1].Value);
    }

    static bool ResizedOrTrained(string initializer, string output)
        => initializer.EndsWith($"_{output}", StringComparison.Ordinal) || initializer.EndsWith("_logits", StringComparison.Ordinal);

    [Theory]
    [InlineData("head behind the head", "head_o1", "'next'", "MatMul")]
    [InlineData("tied heads", "head_o1", "'w'", "head_o2")]
    public void ANewHeadThatSomethingElseReadsIsRefusedBeforeAnyWork(string kind, params string[] parts)
    {
        var refusal = Assert.Throws<EdbException>(() => Personalize(kind, TrainingMode.DropBack, newHead: true));
        Assert.Equal(3, refusal.ExitCode);
        Assert.All(parts, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
        Assert.False(File.Exists(_folder["user.edb"]));
    }

    [Fact]
    public void WhereNoOutputCanBeTrainedAllAreNamed()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 4);
        b.Node("Relu", ["x"], ["a"]);
        b.Node("ArgMax", ["x"], ["b"]).Int("axis", 1);
        b.Output("a", OnnxDataType.Float, "N", 4);
        b.Output("b", OnnxDataType.Int64, "N", 1);
        b.Write(_folder["none.onnx"]);
        var refusal = Assert.Throws<EdbException>(() => TrainingSession.Open(_folder["none.onnx"], new() { Batch = 2, Threads = 1 }));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("'a', 'b'", refusal.Message, StringComparison.Ordinal);
    }

    string Model(string kind) => HeadsModel.Write(_folder["heads.onnx"], kind);

    PersonalizeResult Personalize(string kind, TrainingMode mode, bool newHead) => Personalizer.Run(new()
    {
        Model = Model(kind),
        Data = HeadsModel.Data(_folder["data.npz"], newHead ? 2 : HeadsModel.Classes),
        Test = HeadsModel.Data(_folder["data.npz"], newHead ? 2 : HeadsModel.Classes),
        NewHead = newHead,
        Store = _folder["user.edb"],
        Session = new() { Batch = 16, Threads = 1, Mode = mode, Budget = Budget.Parse("20%") },
        Rate = 0.1f,
        Epochs = 4,
        AcceptIf = AcceptRule.Parse(""),
    });

    /// <summary>In ONNX Runtime the trained output is this engine's, and every output that no trained weight leads to is the base model's.</summary>
    void RequireExport(string kind, string output, int classes)
    {
        StoreExport.Export(Model(kind), _folder["user.edb"], _folder["mine.onnx"]);
        using var session = Inference.Open(Model(kind), _folder["user.edb"], null, batch: 4, threads: 1);
        var x = HeadsModel.Numbers("sample", 4 * HeadsModel.Features);
        var logits = new float[4 * classes];
        session.Predict(x, logits);
        var (theirs, untrained) = (OrtModel.RunAll(_folder["mine.onnx"], x, 4, HeadsModel.Features), OrtModel.RunAll(Model(kind), x, 4, HeadsModel.Features));
        var expected = output == "probabilities" ? Softmax(logits, classes) : logits;
        Assert.Equal([4, classes], theirs[output].Shape);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], theirs[output].Values[i], 1e-4f);
        foreach (var name in (string[])["same", "info"])
            if (untrained.TryGetValue(name, out var kept)) Assert.Equal(kept.Values, theirs[name].Values);
        if (kind == "tied heads" || !session.Trainer.Tracked![0].Name.StartsWith("w0", StringComparison.Ordinal) || session.Trainer.Tracked[0].Count + session.Trainer.Tracked[1].Count > 0) return;
        foreach (var name in theirs.Keys.Where(name => name != output && name is not ("probabilities" or "next"))) Assert.Equal(untrained[name].Values, theirs[name].Values);
    }

    static float[] Softmax(float[] logits, int classes)
    {
        var shares = logits.Select(MathF.Exp).ToArray();
        return [.. shares.Select((share, i) => share / shares.Skip(i / classes * classes).Take(classes).Sum())];
    }
}
