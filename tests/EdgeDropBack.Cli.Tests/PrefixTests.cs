using EdgeDropBack.Onnx;
using EdgeDropBack.OnnxRuntime;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Cli.Tests;

public sealed class PrefixTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fused", "fused")]
    [InlineData("boxes", "pick")]
    public void AnOperatorThatWeLackInFrontTrainsWhatIsBehindIt(string kind, string lacking)
    {
        var model = kind == "fused" ? PrefixModels.Fused(_folder) : PrefixModels.Boxes(_folder);
        var result = Personalize(model);
        Assert.Equal(0, result.Code);
        Assert.InRange(result.Json.GetProperty("accuracy").GetProperty("after").GetDouble(), 0.9, 1);
        var prefix = result.Json.GetProperty("prefix");
        Assert.StartsWith("ONNX Runtime", prefix.GetProperty("runtime").GetString());
        Assert.Equal(16, prefix.GetProperty("runBatch").GetInt32());
        Assert.False(prefix.GetProperty("insideBitLaw").GetBoolean());
        Assert.Contains(result.Json.GetProperty("memory").GetProperty("plan").EnumerateArray(), item => item.GetProperty("name").GetString()!.Contains("ONNX Runtime"));
        var inspected = Edb.Run("inspect", model, "--json");
        Assert.Equal(0, inspected.Code);
        Assert.Equal("frozen", inspected.Json.GetProperty("nodes").EnumerateArray().Single(n => n.GetProperty("name").GetString() == lacking).GetProperty("verdict").GetString());
    }

    [Fact]
    public void EvalRunAndExportNeedNoFlags()
    {
        var model = PrefixModels.Residual(_folder);
        Assert.Equal(0, Personalize(model, "--train-from", "first").Code);
        var store = _folder["model.edb"];
        Assert.Equal("#9", SparseStore.Open(store).Meta.Note("trainFrom"));
        var eval = Edb.Run("eval", model, "--store", store, "--data", _folder.Data("test.npz", seed: 4), "--json");
        Assert.Equal(0, eval.Code);
        Assert.InRange(eval.Json.GetProperty("accuracy").GetDouble(), 0.9, 1);
        Assert.Equal(0, Edb.Run("export", model, "--store", store, "-o", _folder["mine.onnx"]).Code);
        Data.NpzWriter.Write(_folder["x.npz"], [("x", Data.NpyArray.From(TemporaryFolder.Numbers(5, 7 * 6, 1f), 7, 6))]);
        Assert.Equal(0, Edb.Run("run", model, "--store", store, "--input", _folder["x.npz"], "-o", _folder["ours.npz"]).Code);
        Assert.Equal(0, Edb.Run("run", _folder["mine.onnx"], "--input", _folder["x.npz"], "-o", _folder["exported.npz"]).Code);
        Assert.Equal(Logits("exported.npz"), Logits("ours.npz"), (a, b) => Math.Abs(a - b) <= 1e-4f);
        using var theirs = OnnxRuntimeModel.Open(_folder["mine.onnx"], []);
        var expected = theirs.Run([("x", TemporaryFolder.Numbers(5, 7 * 6, 1f), [7, 6])])[0]!;
        Assert.Equal(expected, Logits("ours.npz"), (a, b) => Math.Abs(a - b) <= 1e-4f);
        using var before = OnnxModel.Open(model);
        using var after = OnnxModel.Open(_folder["mine.onnx"]);
        Assert.Equal(before.Graph.Nodes.Count, after.Graph.Nodes.Count);
        Assert.Equal(before.Graph.Initializer("w0")!.ReadFloats(), after.Graph.Initializer("w0")!.ReadFloats());
        Assert.NotEqual(before.Graph.Initializer("w1")!.ReadFloats(), after.Graph.Initializer("w1")!.ReadFloats());
    }

    [Fact]
    public void ASuffixReadsSeveralValuesAndAShapeOfThePrefix()
    {
        var model = PrefixModels.Residual(_folder);
        var result = Personalize(model, "--train-from", "deep,sum");
        Assert.Equal(0, result.Code);
        Assert.Equal(["middle", "way"], result.Json.GetProperty("prefix").GetProperty("values").EnumerateArray().Select(v => v.GetString()));
        Assert.Contains("'bm', 'wm'", result.Error);
        Assert.Equal(0, Edb.Run("eval", model, "--store", _folder["model.edb"], "--data", _folder.Data("test.npz", seed: 4)).Code);
        Assert.Equal(0, Personalize(model, "--from", _folder["model.edb"], "--store", _folder["next.edb"]).Code);
    }

    [Fact]
    public void ASuffixThatReachesBackIsRefusedWithTheValuesAndTheWayOut()
    {
        var refused = Personalize(PrefixModels.Residual(_folder), "--train-from", "deep");
        Assert.Equal(2, refused.Code);
        Assert.Contains("'way'", refused.ErrorLine);
        Assert.Contains("name 'sum' as well", refused.ErrorLine);
    }

    [Theory]
    [InlineData("frist", "'first'")]
    [InlineData("#99", "nearest")]
    [InlineData("front", "nothing is in front")]
    public void ANodeThatIsNotThereOrCannotBeCutAtIsNamed(string node, string said)
    {
        var refused = Personalize(PrefixModels.Residual(_folder), "--train-from", node);
        Assert.Equal(2, refused.Code);
        Assert.Contains(said, refused.ErrorLine);
    }

    [Fact]
    public void SamplesThatChangeEachOtherAreRunOneByOne()
    {
        var result = Personalize(PrefixModels.Mixing(_folder));
        Assert.Equal(0, result.Code);
        Assert.Equal(1, result.Json.GetProperty("prefix").GetProperty("runBatch").GetInt32());
    }

    [Fact]
    public void TheCacheGivesTheSameStoreAndHoldsEverySampleOnce()
    {
        var model = PrefixModels.Fused(_folder);
        var hash = Store(Personalize(model, "--batch", "1"));
        var first = Personalize(model, "--batch", "1", "--cache", _folder["cache"]);
        var again = Personalize(model, "--batch", "1", "--cache", _folder["cache"]);
        Assert.Equal(hash, Store(first));
        Assert.Equal(hash, Store(again));
        Assert.Equal(60, first.Json.GetProperty("prefix").GetProperty("computedSamples").GetInt64());
        Assert.Equal(0, again.Json.GetProperty("prefix").GetProperty("computedSamples").GetInt64());
        Assert.Equal(first.Json.GetProperty("prefix").GetProperty("cacheSha256").GetString(), again.Json.GetProperty("prefix").GetProperty("cacheSha256").GetString());
    }

    [Fact]
    public void ACacheOfAnotherModelOrPreprocessingIsNeverRead()
    {
        Personalize(PrefixModels.Fused(_folder), "--cache", _folder["cache"]);
        var first = Assert.Single(Directory.GetFiles(_folder["cache"]));
        var other = Personalize(PrefixModels.Fused(_folder, "other.onnx", 0.3f), "--cache", _folder["cache"]);
        Assert.Equal(60, other.Json.GetProperty("prefix").GetProperty("computedSamples").GetInt64());
        var scaled = Personalize(PrefixModels.Fused(_folder), "--cache", _folder["cache"], "--std", "2");
        Assert.Equal(60, scaled.Json.GetProperty("prefix").GetProperty("computedSamples").GetInt64());
        Assert.Equal(3, Directory.GetFiles(_folder["cache"]).Length);
        File.Copy(other.Json.GetProperty("prefix").GetProperty("cachePath").GetString()!, first, overwrite: true);
        var renamed = Personalize(PrefixModels.Fused(_folder), "--cache", _folder["cache"]);
        Assert.Equal(60, renamed.Json.GetProperty("prefix").GetProperty("computedSamples").GetInt64());
        Assert.Contains("made by another model or preprocessing", renamed.Error);
    }

    [Fact]
    public void ADamagedCacheIsFoundOutAndTheStoreIsTheSame()
    {
        var model = PrefixModels.Fused(_folder);
        var hash = Store(Personalize(model, "--batch", "1", "--cache", _folder["cache"]));
        var path = Assert.Single(Directory.GetFiles(_folder["cache"]));
        var whole = File.ReadAllBytes(path);
        for (var seed = 0; seed < 24; seed++)
        {
            var bytes = (byte[])whole.Clone();
            var at = (int)(Kernels.IndexedRandom.Hash(3, 1, (ulong)seed) % (uint)bytes.Length);
            if (seed % 3 == 0) bytes = bytes[..at];
            else bytes[at] ^= (byte)(1 << seed % 8);
            File.WriteAllBytes(path, bytes);
            Assert.Equal(hash, Store(Personalize(model, "--batch", "1", "--cache", _folder["cache"])));
            Assert.InRange(new FileInfo(path).Length, whole.Length, whole.Length + 64);
        }
    }

    [Fact]
    public void ACacheStaysWithinItsLimit()
    {
        var model = PrefixModels.Fused(_folder);
        var result = Personalize(model, "--cache", _folder["cache"], "--cache-limit", "1000B");
        Assert.Equal(0, result.Code);
        Assert.InRange(new FileInfo(Assert.Single(Directory.GetFiles(_folder["cache"]))).Length, 500, 1000);
        Assert.Contains("--cache-limit", result.Error);
    }

    [Fact]
    public void ACacheWithoutAFrozenPartIsAUsageError()
    {
        var refused = Personalize(_folder.Model(), "--cache", _folder["cache"]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("--train-from", refused.ErrorLine);
    }

    [Fact]
    public void TheTrafficReportHasThePrefixInRowsOfItsOwn()
    {
        var model = PrefixModels.Fused(_folder);
        Assert.Equal(0, Personalize(model, "--report", _folder["report.json"]).Code);
        var report = TrafficReport.Load(_folder["report.json"]);
        Assert.StartsWith("estimate", report.Header.Prefix);
        foreach (var step in report.Steps.Where(step => step.Lens == StepTraffic.Algorithmic))
        {
            var rows = step.Rows.Where(row => row.Phase == TrafficPhase.Prefix).ToArray();
            Assert.Equal(6 * 8 * 4, rows.Single(row => row.Operand == TrafficOperand.BaseWeights).Read.Bytes);
            Assert.Equal(16 * 6 * 4, rows.Single(row => row.Operand == TrafficOperand.ActivationIn).Read.Bytes);
            Assert.Equal(16 * 8 * 4, rows.Single(row => row.Operand == TrafficOperand.ActivationOut).Write.Bytes);
        }
        Assert.Contains("estimate", Edb.Run("report", _folder["report.json"]).Out);
        var plan = Edb.Run("plan", model, "--batch", "16", "--json");
        Assert.Equal(0, plan.Code);
        Assert.Contains(plan.Json.GetProperty("memory").GetProperty("plan").EnumerateArray(), item => item.GetProperty("name").GetString()!.Contains("ONNX Runtime"));
    }

    EdbRun Personalize(string model, params string[] more)
    {
        var store = more.Contains("--store") ? [] : new[] { "--store", _folder["model.edb"] };
        var batch = more.Contains("--batch") ? [] : new[] { "--batch", "16" };
        return Edb.Run(["personalize", model, "--data", _folder.Data(), "--test", _folder.Data("test.npz", seed: 3), "--steps", "60", "--budget", "80%", "--lr", "0.2",
            "--accept-if", "off", "--json", .. store, .. batch, .. more]);
    }

    static string Store(EdbRun run)
    {
        Assert.Equal(0, run.Code);
        return run.Json.GetProperty("store").GetProperty("sha256").GetString()!;
    }

    float[] Logits(string file) => Data.NpzFile.Read(_folder[file]).TryGet("logits", out var array) ? array.ReadFloats() : [];
}
