using EdgeDropBack.Data;
using EdgeDropBack.Tests.Library;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;
using IndexedRandom = EdgeDropBack.Kernels.IndexedRandom;

namespace EdgeDropBack.Tests.Training;

/// <summary>
/// Whole runs on networks as PyTorch exports them just after initialization, with merged initializers, and in training mode: what is reported, what the
/// store evaluates to and what the export gives in ONNX Runtime are one.
/// </summary>
public sealed class MergedInitializerRunTests
{
    const int Samples = 60;

    [Theory]
    [InlineData("fresh-convolutions", "exact layer")]
    [InlineData("fresh-convolutions", "bn train")]
    [InlineData("fresh-convolutions", "bias")]
    [InlineData("fresh-convolutions", "dense")]
    [InlineData("fresh-convolutions", "last-layer")]
    [InlineData("fresh-convolutions", "adam")]
    [InlineData("fresh-layer-norms", "exact layer")]
    [InlineData("fresh-layer-norms", "bias")]
    [InlineData("fresh-norms", "bn train")]
    [InlineData("fresh-norms", "dense")]
    [InlineData("training-mode", "exact layer")]
    [InlineData("training-mode", "bn train")]
    [InlineData("training-mode-opset-12", "bn train")]
    public void ReportedEvaluatedAndExportedAgree(string name, string variant) => Check(name, variant, newHead: false);

    [Theory]
    [InlineData("fresh-convolutions", "bn train")]
    [InlineData("fresh-convolutions", "exact layer")]
    [InlineData("fresh-layer-norms", "exact layer")]
    [InlineData("training-mode", "exact layer")]
    public void ANewHeadLeavesWhatItsBiasWasMergedWith(string name, string variant) => Check(name, variant, newHead: true);

    [Fact]
    public void GoingOnFromAStoreKeepsEveryStatistic()
    {
        using var folder = new TemporaryFolder();
        var options = Variants.Apply(Options(folder, "fresh-convolutions", newHead: false), "bn train");
        var first = Personalizer.Run(options);
        var again = Personalizer.Run(options with { From = folder["user.edb"], Store = folder["next.edb"], Steps = 4 });
        Assert.Equal(first.Accuracy.After, again.Accuracy.Before);
        Compare(folder, options.Model, "next.edb", again.Accuracy.After);
    }

    static void Check(string name, string variant, bool newHead)
    {
        using var folder = new TemporaryFolder();
        var options = Variants.Apply(Options(folder, name, newHead), variant);
        var result = Personalizer.Run(options);
        Compare(folder, options.Model, "user.edb", result.Accuracy.After);
    }

    static void Compare(TemporaryFolder folder, string model, string store, double? reported)
    {
        var evaluated = Inference.Evaluate(model, folder[store], folder["test.npz"], null, null);
        Assert.Equal(reported, evaluated.Accuracy);
        StoreExport.Export(model, folder[store], folder["out.onnx"]);
        var test = NpzFile.Read(folder["test.npz"]);
        var (x, labels) = (test["x"].ReadFloats(), test["y"].ReadInt64s("y"));
        var (logits, _) = OrtModel.Run(folder["out.onnx"], x, test["x"].Shape);
        using var session = Inference.Open(model, folder[store], null);
        Logits.AssertClose(logits, Logits.Of(session, x), 1e-4f);
        Assert.Equal(reported, OrtModel.Accuracy(logits, labels));
        OnnxChecker.Check(folder["out.onnx"]);
    }

    /// <summary>Samples of every class around a point of its own, so that a few steps teach something.</summary>
    static PersonalizeOptions Options(TemporaryFolder folder, string name, bool newHead)
    {
        var (model, _, shape, _) = Reference.Open(name);
        var classes = newHead ? 3 : name == "fresh-layer-norms" || name == "fresh-norms" ? 5 : 6;
        Write(folder["data.npz"], shape[1..], classes, seed: 1);
        Write(folder["test.npz"], shape[1..], classes, seed: 2);
        return new()
        {
            Model = model,
            Data = folder["data.npz"],
            Test = folder["test.npz"],
            Store = folder["user.edb"],
            NewHead = newHead,
            Steps = 16,
            Rate = 0.2f,
            Freeze = FreezePolicy.Parse("9"),
            AcceptIf = AcceptRule.Parse(""),
            Session = new() { Batch = 8, Threads = 1, Seed = 1, Budget = Budget.Parse("30%") },
        };
    }

    static void Write(string path, int[] shape, int classes, uint seed)
    {
        var length = shape.Aggregate(1, (product, dim) => product * dim);
        var x = new float[Samples * length];
        var y = new long[Samples];
        for (var i = 0; i < Samples; i++)
        {
            y[i] = i % classes;
            for (var j = 0; j < length; j++)
                x[i * length + j] = Number(99, (uint)y[i], j) + 0.5f * Number(seed, (uint)i, j);
        }
        NpzWriter.Write(path, [("x", NpyArray.From(x, [Samples, .. shape])), ("y", NpyArray.From(y, Samples))]);
    }

    static float Number(uint seed, uint stream, int index) => (IndexedRandom.Hash(seed, stream, (ulong)index) >> 8) * (2f / (1 << 24)) - 1f;
}
