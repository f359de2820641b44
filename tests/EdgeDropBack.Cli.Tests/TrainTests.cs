using EdgeDropBack.Data;

namespace EdgeDropBack.Cli.Tests;

/// <summary>`edb new` and `edb train`.</summary>
public sealed class TrainTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ANewModelIsTrainedMeasuredAndExported()
    {
        var made = Edb.Run("new", "mlp-8", "--input", "1x2x3", "--classes", "3", "--seed", "5", "-o", _folder["m.onnx"], "--json");
        Assert.Equal((0, ""), (made.Code, made.Error));
        Assert.Equal(83, made.Json.GetProperty("parameters").GetInt64());
        var data = Images();
        var trained = Train(data, "--json");
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Equal(5u, trained.Json.GetProperty("seed").GetUInt32());
        Assert.Equal("global", trained.Json.GetProperty("score").GetString());
        var learned = Edb.Run("eval", _folder["m.onnx"], "--store", _folder["s.edb"], "--data", data, "--json").Json;
        Assert.Equal(0, Edb.Run("export", _folder["m.onnx"], "--store", _folder["s.edb"], "-o", _folder["plain.onnx"]).Code);
        var compact = Edb.Run("export", _folder["m.onnx"], "--store", _folder["s.edb"], "--compact", "-o", _folder["compact.onnx"], "--json");
        Assert.Equal((0, ""), (compact.Code, compact.Error));
        var exported = Edb.Run("eval", _folder["plain.onnx"], "--data", data, "--json").Json;
        Assert.Equal(learned.GetProperty("loss").GetDouble(), exported.GetProperty("loss").GetDouble());
    }

    [Fact]
    public void TheWeightsHaveAHash()
    {
        string? Hash(string seed, params string[] more)
            => Edb.Run(["new", "mlp-8", "--input", "1x2x3", "--seed", seed, "-o", _folder["m.onnx"], "--overwrite", "--json", .. more]).Json.GetProperty("weightsSha256").GetString();
        Assert.Null(Hash("5"));
        Assert.Equal(Hash("5", "--hash"), Hash("5", "--hash"));
        Assert.NotEqual(Hash("5", "--hash"), Hash("6", "--hash"));
    }

    [Fact]
    public void AModelThatBecomesTooLargeLeavesTheFileThatStandsThere()
    {
        Edb.Run("new", "mlp-8", "--input", "1x2x3", "-o", _folder["m.onnx"]);
        var before = File.ReadAllBytes(_folder["m.onnx"]);
        var run = Edb.Run("new", "mlp-65536-65536", "-o", _folder["m.onnx"], "--overwrite");
        Assert.Equal((3, ""), (run.Code, run.Out));
        Assert.Contains($"mlp-65536-65536 becomes too large: {_folder["m.onnx"]}: node", run.ErrorLine);
        Assert.Equal(before, File.ReadAllBytes(_folder["m.onnx"]));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_folder["m.onnx"])!, "m.onnx*"));
    }

    [Fact]
    public void InspectCallsTheWeightsRegenerated()
    {
        Edb.Run("new", "mlp-8", "--input", "1x2x3", "--classes", "3", "-o", _folder["m.onnx"]);
        var json = Edb.Run("inspect", _folder["m.onnx"], "--json").Json;
        Assert.Equal(83, json.GetProperty("parameters").GetInt64());
        Assert.Contains("regenerated", json.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("verdict").GetString()));
    }

    [Fact]
    public void AClassCountThatDoesNotFitTheLabelsIsRefused()
    {
        Edb.Run("new", "mlp-8", "--input", "1x2x3", "--classes", "2", "-o", _folder["m.onnx"]);
        var run = Train(Images());
        Assert.Equal(3, run.Code);
        Assert.Contains("2", run.ErrorLine);
    }

    [Theory]
    [InlineData("mnist-100-100, lenet-300-100", "new", "resnet-50", "-o", "m.onnx")]
    [InlineData("--seed '4294967296'", "new", "mlp-8", "--seed", "4294967296", "-o", "m.onnx")]
    [InlineData("--seed '-1'", "new", "mlp-8", "--seed", "-1", "-o", "m.onnx")]
    [InlineData("--classes '1'", "new", "mlp-8", "--classes", "1", "-o", "m.onnx")]
    [InlineData("--input '28'", "new", "mlp-8", "--input", "28", "-o", "m.onnx")]
    [InlineData("--input is 0x1x1", "new", "mlp-8", "--input", "0x1x1", "-o", "m.onnx")]
    [InlineData("--init 'orthogonal'", "new", "mlp-8", "--init", "orthogonal", "-o", "m.onnx")]
    [InlineData("--input is 3x16x16", "new", "vgg-s", "--input", "3x16x16", "-o", "m.onnx")]
    [InlineData("--weight-decay '-1'", "train", "m.onnx", "--data", "d.npz", "--weight-decay", "-1")]
    [InlineData("--augment 'zoom'", "train", "m.onnx", "--data", "d.npz", "--augment", "zoom")]
    [InlineData("--lr '0'", "train", "m.onnx", "--data", "d.npz", "--lr", "0")]
    public void WrongUsageIsOneLineThatNamesTheOption(string named, params string[] args)
    {
        var run = Edb.Run(args);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(named, run.ErrorLine);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0e")]
    public void FreezingAnEmptyTrackedSetIsRefused(string freeze)
    {
        Edb.Run("new", "mlp-8", "--input", "1x2x3", "--classes", "3", "-o", _folder["m.onnx"]);
        var run = Train(Images(), "--freeze-after", freeze);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains($"--freeze-after {freeze} fixes the tracked set while it is empty", run.ErrorLine);
        Assert.Equal(0, Train(Images(), "--freeze-after", "1").Code);
        File.Copy(_folder["s.edb"], _folder["first.edb"]);
        Assert.Equal(0, Train(Images(), "--freeze-after", freeze, "--from", _folder["first.edb"]).Code);
    }

    [Fact]
    public void AModelWithoutASeedIsRefused()
    {
        var run = Edb.Run("train", _folder.Model(), "--data", _folder.Data());
        Assert.Equal(3, run.Code);
        Assert.Contains("edb personalize", run.ErrorLine);
    }

    /// <summary>The folder's samples as images of 2 x 3.</summary>
    string Images()
    {
        var arrays = NpzFile.Read(_folder.Data());
        var count = arrays["y"].Shape[0];
        NpzWriter.Write(_folder["images.npz"], [("x", NpyArray.From(arrays["x"].ReadFloats(), count, 1, 2, 3)), ("y", arrays["y"])]);
        return _folder["images.npz"];
    }

    EdbRun Train(string data, params string[] more) => Edb.Run(["train", _folder["m.onnx"], "--data", data, "--store", _folder["s.edb"],
        "--budget", "20", "--steps", "12", "--batch", "8", .. more]);
}
