namespace EdgeDropBack.Cli.Tests;

public sealed class PersonalizeTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void JsonHasTheFieldsOfTheContract()
    {
        var run = Train("--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var json = run.Json;
        foreach (var name in (string[])["model", "parameters", "tracked", "budget", "steps", "batch", "threads", "seed", "mode"])
            Assert.True(json.TryGetProperty(name, out _), name);
        foreach (var (parent, children) in ((string, string[])[])
        [
            ("loss", ["first", "last"]), ("accuracy", ["before", "after", "retainBefore", "retainAfter"]),
                ("stepMilliseconds", ["median", "p95"]),
            ("memory", ["plannedPeakBytes", "peakResidentBytes"]), ("store", ["path", "bytes", "sha256"]),
                ("traffic", ["profile", "perStep", "densePerStep", "ratio"]),
        ])
            Assert.All(children, child => Assert.True(json.GetProperty(parent).TryGetProperty(child, out _), $"{parent}.{child}"));
        Assert.Equal(20, json.GetProperty("budget").GetInt32());
        Assert.Equal(StoreFile.Sha256(_folder["s.edb"]), json.GetProperty("store").GetProperty("sha256").GetString());
    }

    [Fact]
    public void TheTextEndsInTheNextCommands()
    {
        var run = Train();
        Assert.Equal(0, run.Code);
        Assert.Contains("edb compare", run.Out);
        Assert.Contains("InferenceSession(\"s.onnx\")", run.Out);
    }

    [Fact]
    public void TheSameRunGivesTheSameStore()
    {
        Train();
        var first = StoreFile.Sha256(_folder["s.edb"]);
        Train("--threads", $"{Environment.ProcessorCount}");
        Assert.Equal(first, StoreFile.Sha256(_folder["s.edb"]));
        Assert.Equal(2, Edb.Run("store", "list", _folder["s.edb"], "--json").Json.GetProperty("generations").GetArrayLength());
    }

    [Fact]
    public void WhatIsNotGoodEnoughIsNotKeptAndTheCodeIsOne()
    {
        var run = Train("--accept-if", "user>=+0.99", "--json");
        Assert.Equal(1, run.Code);
        Assert.False(run.Json.GetProperty("accepted").GetBoolean());
        Assert.StartsWith("edb: not kept: user accuracy", run.ErrorLine);
        Assert.False(File.Exists(_folder["s.edb"]));
    }

    [Fact]
    public void AStoreCanBeMeasuredExportedAndShown()
    {
        Train();
        var (model, data) = (_folder["tiny.onnx"], _folder["data.npz"]);
        var learned = Edb.Run("eval", model, "--store", _folder["s.edb"], "--data", data, "--confusion", "--json").Json;
        Assert.Equal(3, learned.GetProperty("confusion").GetArrayLength());
        Assert.Equal(0, Edb.Run("export", model, "--store", _folder["s.edb"], "-o", _folder["mine.onnx"]).Code);
        var exported = Edb.Run("eval", _folder["mine.onnx"], "--data", data, "--json").Json;
        Assert.Equal(learned.GetProperty("loss").GetDouble(), exported.GetProperty("loss").GetDouble());
        var shown = Edb.Run("store", _folder["s.edb"], "--json").Json;
        Assert.Equal(20, shown.GetProperty("tensors").EnumerateArray().Sum(t => t.GetProperty("tracked").GetInt32()));
    }

    [Fact]
    public void RollbackBringsTheEarlierStoreBackBitForBit()
    {
        Train();
        var first = StoreFile.Sha256(_folder["s.edb"]);
        Train("--seed", "2");
        Assert.NotEqual(first, StoreFile.Sha256(_folder["s.edb"]));
        Assert.Equal(0, Edb.Run("store", "rollback", _folder["s.edb"]).Code);
        Assert.Equal(first, StoreFile.Sha256(_folder["s.edb"]));
        Assert.Equal(0, Edb.Run("store", "verify", _folder["s.edb"]).Code);
        Assert.False(Edb.Run("store", "diff", _folder["s.edb"], _folder["s.edb.1"], "--json").Json.GetProperty("isSame").GetBoolean());
    }

    [Fact]
    public void ADamagedGenerationIsNamedAndTheCodeIsThree()
    {
        Train();
        var bytes = File.ReadAllBytes(_folder["s.edb"]);
        bytes[^20] ^= 1;
        File.WriteAllBytes(_folder["s.edb"], bytes);
        var run = Edb.Run("store", "verify", _folder["s.edb"], "--json");
        Assert.Equal(3, run.Code);
        Assert.NotNull(run.Json.GetProperty("generations")[0].GetProperty("error").GetString());
    }

    [Fact]
    public void CompareShowsOneResultAModeAndKeepsNoStore()
    {
        var run = Edb.Run("compare", _folder.Model(), "--data", _folder.Data(), "--modes", "dropback,dense", "--steps", "4", "--lr", "0.1",
            "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(["dropback", "dense"], run.Json.GetProperty("results").EnumerateArray().Select(r
            => r.GetProperty("mode").GetString()));
    }

    [Theory]
    [InlineData("--data is missing", "personalize", "model.onnx")]
    [InlineData("--init-decay", "personalize", "model.onnx", "--data", "d.npz", "--init-decay", "0.9")]
    [InlineData("--select quantile", "personalize", "model.onnx", "--data", "d.npz", "--select", "quantile")]
    [InlineData("--epochs and --steps", "personalize", "model.onnx", "--data", "d.npz", "--steps", "5", "--epochs", "2")]
    [InlineData("--budget '200%'", "personalize", "model.onnx", "--data", "d.npz", "--budget", "200%")]
    [InlineData("--batch '0'", "personalize", "model.onnx", "--data", "d.npz", "--batch", "0")]
    [InlineData("--batch 'many'", "personalize", "model.onnx", "--data", "d.npz", "--batch", "many")]
    [InlineData("--lr '-1'", "personalize", "model.onnx", "--data", "d.npz", "--lr", "-1")]
    [InlineData("--mode 'densely'", "personalize", "model.onnx", "--data", "d.npz", "--mode", "densely")]
    [InlineData("--accept-if", "personalize", "model.onnx", "--data", "d.npz", "--accept-if", "better")]
    [InlineData("--threads '0'", "personalize", "model.onnx", "--data", "d.npz", "--threads", "0")]
    [InlineData("--threads '100000'", "personalize", "model.onnx", "--data", "d.npz", "--threads", "100000")]
    [InlineData("--threads '0'", "bench", "model.onnx", "--threads", "0")]
    [InlineData("--threads '100000'", "bench", "model.onnx", "--threads", "100000")]
    [InlineData("--micro-batch '0'", "bench", "model.onnx", "--micro-batch", "0")]
    [InlineData("--memory-limit", "personalize", "model.onnx", "--data", "d.npz", "--memory-limit", "much")]
    [InlineData("--modes: 'magic'", "compare", "model.onnx", "--data", "d.npz", "--modes", "dropback,magic")]
    public void WrongUsageIsOneLineThatNamesTheOption(string named, params string[] args)
    {
        var run = Edb.Run(args);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(named, run.ErrorLine);
    }

    EdbRun Train(params string[] more) => Edb.Run(["personalize", _folder.Model(), "--data", _folder.Data(), "--store", _folder["s.edb"],
        "--budget", "20",
        "--steps", "12", "--batch", "8", "--lr", "0.1", .. more]);
}
