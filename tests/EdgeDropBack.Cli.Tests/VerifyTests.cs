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

    [Theory]
    [InlineData]
    [InlineData("--nodes")]
    public void AModelInTrainingModeIsComparedInInferenceMode(params string[] options)
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 3).Output("y", OnnxDataType.Float, "N", 3);
        foreach (var (name, value) in (ReadOnlySpan<(string, float)>)[("scale", 1.5f), ("shift", 0.5f), ("mean", 0.1f), ("variance", 2f)])
            b.Initializer(name, [value, value, value], 3);
        b.Initializer("ratio", [0.5f]).Initializer("training", OnnxDataType.Bool, [1]);
        b.Node("BatchNormalization", ["x", "scale", "shift", "mean", "variance"], ["n", "m", "v"], "norm").Int("training_mode", 1);
        b.Node("Relu", ["n"], ["r"]);
        b.Node("Dropout", ["r", "ratio", "training"], ["y"], "drop");
        b.Write(_folder["training.onnx"]);

        var run = Edb.Run(["verify", _folder["training.onnx"], "--batch", "4", .. options]);

        Assert.Equal(0, run.Code);
        Assert.Contains("2 nodes are in training mode", run.Error);
        Assert.Contains("draws random numbers", run.Error);
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

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void TheBatchThatTheFileFixesIsTaken(int batch)
    {
        var model = Dense(batch);
        foreach (string[] nodes in new string[][] { [], ["--nodes"], ["--batch", $"{batch}"] })
        {
            var run = Edb.Run(["verify", model, .. nodes, "--json"]);
            Assert.Equal((0, $"[{batch}, 3]"), (run.Code, run.Json.GetProperty("values").EnumerateArray().Last().GetProperty("shape").GetString()));
        }
        var other = Edb.Run("verify", model, "--batch", "4");
        Assert.Equal(2, other.Code);
        Assert.Contains($"--batch 4: {model} fixes its batch at {batch}", other.ErrorLine);
        NpzWriter.Write(_folder["x.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(5, 2 * 8, 1f), 2, 8))]);
        var given = Edb.Run("verify", model, "--input", _folder["x.npz"]);
        Assert.Equal(3, given.Code);
        Assert.Contains($"array 'x' is [2,8], but the model's input is [{batch}, 8]", given.ErrorLine);
    }

    [Fact]
    public void AModelThatTakesOneSampleInsideIsComparedWithOne()
    {
        var b = new OnnxBuilder("single", opset: 13);
        b.Input("x", OnnxDataType.Float, "N", 2, 4).Output("y", OnnxDataType.Float, "N", 3);
        b.Initializer("s", [1L, 8L], 2).Initializer("w", TemporaryFolder.Numbers(1, 24, 0.5f), 8, 3);
        b.Node("Reshape", ["x", "s"], ["r"]);
        b.Node("MatMul", ["r", "w"], ["y"]);
        b.Write(_folder["single.onnx"]);
        var run = Edb.Run("verify", _folder["single.onnx"], "--json");
        Assert.Equal((0, "[1, 3]"), (run.Code, run.Json.GetProperty("values")[0].GetProperty("shape").GetString()));
        Assert.Contains("compared with one sample", run.Error);
        Assert.Equal(3, Edb.Run("verify", _folder["single.onnx"], "--batch", "2").Code);
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("batch_size")]
    [InlineData("N")]
    public void ABatchBehindTheTimeAxisIsFound(string name)
    {
        var b = new OnnxBuilder("state", opset: 14);
        b.Input("x", OnnxDataType.Float, 5, name, 3).Input("h", OnnxDataType.Float, 1, name, 4).Output("last", OnnxDataType.Float, 1, name, 4);
        b.Initializer("w", TemporaryFolder.Numbers(2, 36, 0.5f), 1, 12, 3).Initializer("r", TemporaryFolder.Numbers(3, 48, 0.5f), 1, 12, 4);
        b.Node("GRU", ["x", "w", "r", "", "", "h"], ["all", "last"]).Int("hidden_size", 4);
        b.Write(_folder["state.onnx"]);
        var run = Edb.Run("verify", _folder["state.onnx"], "--batch", "3", "--nodes", "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal(["[1, 3, 4]", "[5, 1, 3, 4]"], run.Json.GetProperty("values").EnumerateArray().Select(v => v.GetProperty("shape").GetString()));
        Assert.Equal(0, Edb.Run("inspect", _folder["state.onnx"]).Code);
        NpzWriter.Write(_folder["x.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(5, 30, 1f), 5, 2, 3)), ("h", NpyArray.From(TemporaryFolder.Numbers(6, 8, 1f), 1, 2, 4))]);
        Assert.Equal(0, Edb.Run("verify", _folder["state.onnx"], "--input", _folder["x.npz"]).Code);
    }

    [Fact]
    public void UnsortedNodesAgreeAndTrainAndAreExportedSorted()
    {
        var b = new OnnxBuilder("unsorted", opset: 13);
        b.Input("x", OnnxDataType.Float, "N", 8).Output("y", OnnxDataType.Float, "N", 3);
        b.Initializer("w", TemporaryFolder.Numbers(1, 24, 0.5f), 8, 3).Initializer("bias", TemporaryFolder.Numbers(2, 3, 0.5f), 3);
        b.Node("Add", ["m", "bias"], ["y"]);
        b.Node("MatMul", ["r", "w"], ["m"]);
        b.Node("Relu", ["x"], ["r"]);
        b.Write(_folder["unsorted.onnx"]);
        Assert.Equal(0, Edb.Run("verify", _folder["unsorted.onnx"], "--nodes").Code);
        NpzWriter.Write(_folder["d.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(5, 12 * 8, 1), 12, 8)), ("y", NpyArray.From([.. Enumerable.Range(0, 12).Select(i => (long)(i % 3))], 12))]);
        Assert.Equal(0, Edb.Run("personalize", _folder["unsorted.onnx"], "--data", _folder["d.npz"], "--steps", "2", "--batch", "4", "--accept-if", "user>=-1", "--store", _folder["m.edb"]).Code);
        Assert.Equal(0, Edb.Run("export", _folder["unsorted.onnx"], "--store", _folder["m.edb"], "-o", _folder["mine.onnx"]).Code);
        using (var mine = OnnxModel.Open(_folder["mine.onnx"]))
            Assert.Equal((0, "r"), (mine.NodeOrders.Count, mine.Graph.Nodes[0].Outputs[0]));
        Assert.Equal(0, Edb.Run("verify", _folder["mine.onnx"], "--nodes").Code);
    }

    [Fact]
    public void UnsortedNodesOfABranchAgreeAndAreExportedSorted()
    {
        var b = new OnnxBuilder("branches", opset: 16);
        b.Input("x", OnnxDataType.Float, "N", 4).Output("y", OnnxDataType.Float, "N", 4);
        b.Initializer("c", OnnxDataType.Bool, [1]);
        OnnxBuilder Branch(string name)
        {
            var branch = new OnnxBuilder(name);
            branch.Node("Tanh", [name + ".r"], [name + ".t"]);
            branch.Node("Relu", ["s"], [name + ".r"]);
            branch.Output(name + ".t", OnnxDataType.Float);
            return branch;
        }
        b.Node("If", ["c"], ["y"]).Graph("then_branch", Branch("then")).Graph("else_branch", Branch("else"));
        b.Node("Exp", ["x"], ["s"]);
        b.Write(_folder["branches.onnx"]);
        var run = Edb.Run("verify", _folder["branches.onnx"]);
        Assert.True(run.Code == 0, run.Error);
        using var model = OnnxModel.Open(_folder["branches.onnx"]);
        Assert.Equal(3, model.NodeOrders.Count);
        using var stream = new MemoryStream();
        OnnxExport.Write(model, new Dictionary<string, ReplacedTensor>(), stream);
        using var sorted = OnnxModel.Open(stream.ToArray());
        Assert.Empty(sorted.NodeOrders);
        Assert.Equal(["Exp", "If"], sorted.Graph.Nodes.Select(n => n.OpType));
        Assert.Equal(["Relu", "Tanh"], sorted.Graph.Nodes[1].Graph("else_branch")!.Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void UnsortedNodesOfAFunctionAgreeAndTrainAndAreExportedSorted()
    {
        var b = new OnnxBuilder("functions", opset: 17);
        b.Input("x", OnnxDataType.Float, "N", 8).Output("y", OnnxDataType.Float, "N", 3).Opset("own", 1);
        b.Initializer("w", TemporaryFolder.Numbers(1, 24, 0.5f), 8, 3);
        var outer = b.Function("own", "Outer", ["a", "w"], ["c"]).Import("own", 1);
        outer.Node("MatMul", ["i", "w"], ["c"]);
        outer.Node("Inner", ["a"], ["i"], domain: "own");
        var inner = b.Function("own", "Inner", ["a"], ["c"]);
        inner.Node("Tanh", ["r"], ["c"]);
        inner.Node("Add", ["a", "s"], ["r"]);
        inner.Node("Relu", ["a"], ["s"]);
        b.Node("Outer", ["x", "w"], ["y"], domain: "own");
        b.Write(_folder["functions.onnx"]);
        var run = Edb.Run("verify", _folder["functions.onnx"]);
        Assert.True(run.Code == 0, run.Error);
        NpzWriter.Write(_folder["d.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(5, 12 * 8, 1), 12, 8)), ("y", NpyArray.From([.. Enumerable.Range(0, 12).Select(i => (long)(i % 3))], 12))]);
        Assert.Equal(0, Edb.Run("personalize", _folder["functions.onnx"], "--data", _folder["d.npz"], "--steps", "2", "--batch", "4", "--accept-if", "off", "--store", _folder["m.edb"]).Code);
        Assert.Equal(0, Edb.Run("export", _folder["functions.onnx"], "--store", _folder["m.edb"], "-o", _folder["mine.onnx"]).Code);
        using var mine = OnnxModel.Open(_folder["mine.onnx"]);
        Assert.Empty(mine.NodeOrders);
        Assert.Equal([["Inner", "MatMul"], ["Relu", "Add", "Tanh"]], mine.Functions.Select(function => function.Nodes.Select(node => node.OpType)));
        Assert.Equal(0, Edb.Run("verify", _folder["mine.onnx"]).Code);
    }

    string Dense(int batch)
    {
        var b = new OnnxBuilder("dense", opset: 13);
        b.Input("x", OnnxDataType.Float, batch, 8).Output("y", OnnxDataType.Float, batch, 3);
        b.Initializer("w", TemporaryFolder.Numbers(1, 24, 0.5f), 8, 3);
        b.Node("MatMul", ["x", "w"], ["y"]);
        b.Write(_folder["dense.onnx"]);
        return _folder["dense.onnx"];
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
