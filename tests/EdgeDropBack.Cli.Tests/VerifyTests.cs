using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

public sealed class VerifyTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OutputsAgree()
    {
        var run = Edb.Run("verify", _folder.Model(), "--json");
        Assert.Equal(0, run.Code);
        var value = Assert.Single(run.Json.GetProperty("values").EnumerateArray());
        Assert.Equal("logits", value.GetProperty("name").GetString());
        Assert.Equal("Gemm \"last\" (node 2)", value.GetProperty("node").GetString());
        Assert.InRange(value.GetProperty("relative").GetDouble(), 0, 1e-5);
    }

    [Fact]
    public void EveryNodeIsComparedOnDemandInTheFilesOrder()
    {
        var run = Edb.Run("verify", _folder.Model(), "--nodes", "--batch", "3", "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal(["h", "r", "logits"], run.Json.GetProperty("values").EnumerateArray().Select(v => v.GetProperty("name").GetString()));
        Assert.Equal("[3, 8]", run.Json.GetProperty("values")[0].GetProperty("shape").GetString());
    }

    [Fact]
    public void TheFirstNodeThatDiffersIsNamedAndTheCodeIsOne()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 64);
        b.Node("Relu", ["x"], ["r"], "exact");
        b.Node("Softmax", ["r"], ["s"], "rounded");
        b.Node("Softmax", ["s"], ["y"], "after");
        b.Output("y", OnnxDataType.Float, "N", 64);
        b.Write(_folder["rounded.onnx"]);
        var run = Edb.Run("verify", _folder["rounded.onnx"], "--nodes", "--tolerance", "0", "--batch", "16");
        Assert.Equal(1, run.Code);
        Assert.Contains("value 's' of node Softmax \"rounded\" (node 1) is the first", run.Out);
        Assert.Equal("s", Edb.Run("verify", _folder["rounded.onnx"], "--nodes", "--tolerance", "0", "--batch", "16", "--json")
            .Json.GetProperty("first").GetProperty("name").GetString());
    }

    [Fact]
    public void GivenInputsAreTaken()
    {
        NpzWriter.Write(_folder["x.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(5, 4 * TemporaryFolder.Features, 1f), 4, TemporaryFolder.Features))]);
        var run = Edb.Run("verify", _folder.Model(), "--input", _folder["x.npz"], "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal("[4, 3]", run.Json.GetProperty("values")[0].GetProperty("shape").GetString());
    }

    [Fact]
    public void AQuantizedModelAgreesNodeByNode()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 64).Output("y", OnnxDataType.Float, "N", 3);
        b.Initializer("s", [0.0117f]).Initializer("z", OnnxDataType.UInt8, [117]);
        b.Initializer("w", OnnxDataType.Int8, [.. Enumerable.Range(0, 192).Select(i => (byte)(i * 37))], 64, 3).Initializer("ws", [0.01f, 0.02f, 0.03f], 3);
        b.Node("QuantizeLinear", ["x", "s", "z"], ["q"], "quantize");
        b.Node("DequantizeLinear", ["q", "s", "z"], ["d"], "dequantize");
        b.Node("DequantizeLinear", ["w", "ws"], ["f"], "weights");
        b.Node("Gemm", ["d", "f"], ["h"], "layer");
        b.Node("QuantizeLinear", ["h", "s", "z"], ["hq"], "quantize2");
        b.Node("DequantizeLinear", ["hq", "s", "z"], ["y"], "dequantize2");
        b.Write(_folder["quantized.onnx"]);
        var run = Edb.Run("verify", _folder["quantized.onnx"], "--nodes", "--batch", "50", "--json");
        Assert.True(run.Code == 0, run.Out);
        Assert.Equal(["q", "d", "h", "hq", "y"], run.Json.GetProperty("values").EnumerateArray().Select(v => v.GetProperty("name").GetString()));
    }

    [Fact]
    public void AModelThatOnnxRuntimeRefusesIsARefusal()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 4);
        b.Initializer("bias", new float[3], 3);
        b.Node("Add", ["x", "bias"], ["y"]);
        b.Output("y", OnnxDataType.Float, "N", 4);
        b.Write(_folder["bad.onnx"]);
        var run = Edb.Run("verify", _folder["bad.onnx"]);
        Assert.Equal(3, run.Code);
        Assert.Contains("bad.onnx", run.ErrorLine);
    }
}
