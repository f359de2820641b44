using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

/// <summary>A model that leaves its sequence length open: the length is given by name, or is that of the data.</summary>
public sealed class OpenDimensionTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void InspectTakesTheLengthByName()
    {
        var model = Model();
        var open = Edb.Run("inspect", model, "--json");
        Assert.Equal(3, open.Code);
        Assert.Contains("--dim T=N", open.Json.GetProperty("problems")[0].GetString());
        var run = Edb.Run("inspect", model, "--dim", "T=6", "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal(["[1, 6, 3]", "[6, 1, 3]", "[6, 1, 1, 4]"],
            run.Json.GetProperty("nodes").EnumerateArray().Take(3).Select(n => n.GetProperty("shape").GetString()));
    }

    [Fact]
    public void ATrainingTakesTheLengthOfItsSamples()
    {
        var model = Model();
        NpzWriter.Write(_folder["d.npz"],
        [
            ("x", NpyArray.From([.. Enumerable.Range(0, 12 * 5).Select(i => (long)(i * 7 % 9))], 12, 5)),
            ("y", NpyArray.From([.. Enumerable.Range(0, 12).Select(i => (long)(i % 2))], 12)),
        ]);
        var run = Edb.Run("personalize", model, "--data", _folder["d.npz"], "--epochs", "2", "--batch", "4", "--lr", "0.1", "--budget", "20",
            "--accept-if", "user>=-1", "--store", _folder["m.edb"], "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal(0, Edb.Run("export", model, "--store", _folder["m.edb"], "-o", _folder["mine.onnx"]).Code);
        var eval = Edb.Run("eval", model, "--data", _folder["d.npz"], "--json");
        Assert.Equal((0, 12), (eval.Code, eval.Json.GetProperty("samples").GetInt32()));
    }

    [Theory]
    [InlineData("T")]
    [InlineData("T=0")]
    [InlineData("T=x")]
    [InlineData("=4")]
    [InlineData("T=4,T=5")]
    public void SizesThatAreNoneAreRefused(string sizes)
    {
        var run = Edb.Run("inspect", Model(), "--dim", sizes);
        Assert.Equal(2, run.Code);
        Assert.Contains("--dim", run.ErrorLine);
    }

    string Model()
    {
        var b = new OnnxBuilder("sequence", opset: 14);
        b.Input("x", OnnxDataType.Int64, "N", "T").Output("y", OnnxDataType.Float, "N", 2);
        b.Initializer("embedding", TemporaryFolder.Numbers(1, 9 * 3, 0.5f), 9, 3);
        b.Initializer("w", TemporaryFolder.Numbers(2, 12 * 3, 0.5f), 1, 12, 3);
        b.Initializer("r", TemporaryFolder.Numbers(3, 12 * 4, 0.5f), 1, 12, 4);
        b.Initializer("head", TemporaryFolder.Numbers(4, 4 * 2, 0.5f), 4, 2);
        b.Node("Gather", ["embedding", "x"], ["e"]);
        b.Node("Transpose", ["e"], ["t"]).Ints("perm", 1, 0, 2);
        b.Node("GRU", ["t", "w", "r"], ["all", "last"]).Int("hidden_size", 4);
        b.Initializer("axes", [0L], 1);
        b.Node("Squeeze", ["last", "axes"], ["h"]);
        b.Node("MatMul", ["h", "head"], ["y"]);
        b.Write(_folder["sequence.onnx"]);
        return _folder["sequence.onnx"];
    }
}
