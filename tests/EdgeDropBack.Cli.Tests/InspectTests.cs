using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

public sealed class InspectTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryNodeHasAVerdictAndTheTotalsAddUp()
    {
        var run = Edb.Run("inspect", _folder.Model(), "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal(["trainable", "trainable", "trainable"],
            run.Json.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("verdict").GetString()));
        Assert.Equal(6 * 8 + 8 + 8 * 3 + 3, run.Json.GetProperty("parameters").GetInt64());
        Assert.Equal(6 * 8 + 8 + 8 * 3 + 3, run.Json.GetProperty("trainable").GetInt64());
        Assert.True(run.Json.GetProperty("multiplyAddsPerSample").GetInt64() >= 6 * 8 + 8 * 3);
    }

    [Fact]
    public void TheGraphIsShownOnRequest()
    {
        var run = Edb.Run("inspect", _folder.Model(), "--graph", "--json");
        var kinds = run.Json.GetProperty("values").EnumerateArray().ToDictionary(v => v.GetProperty("name").GetString()!, v
            => v.GetProperty("kind").GetString());
        Assert.Equal("input", kinds["x"]);
        Assert.Equal("parameter", kinds["w1"]);
        Assert.Equal("output", kinds["logits"]);
    }

    [Fact]
    public void AllUnsupportedNodesAreNamedAtOnceAndTheCodeIsThree()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 4);
        b.Node("Bogus", ["x"], ["a"], "one");
        b.Node("Bogus", ["x"], ["c"], "two");
        b.Node("Relu", ["a"], ["e"], "after");
        b.Node("Bogus", ["e"], ["d"], "three");
        b.Output("d", OnnxDataType.Float, "N", 4);
        b.Write(_folder["bad.onnx"]);
        var run = Edb.Run("inspect", _folder["bad.onnx"], "--json");
        Assert.Equal(3, run.Code);
        Assert.Equal(3, run.Json.GetProperty("problems").GetArrayLength());
        Assert.Equal(["unsupported", "unsupported", "not reached", "unsupported"],
            run.Json.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("verdict").GetString()));
        var text = Edb.Run("inspect", _folder["bad.onnx"]);
        Assert.Equal(3, text.Code);
        Assert.Contains("operator Bogus is not supported", text.Error);
    }

    [Fact]
    public void TheTableIsPlainWhenRedirected()
    {
        var lines = Edb.Run("inspect", _folder.Model()).Out.Split('\n').Select(l => l.TrimEnd()).ToArray();
        Assert.Equal("node operator name  verdict   output remark", lines[0]);
        Assert.Equal("   0 Gemm     first trainable [1, 8]", lines[1]);
    }
}
