using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

/// <summary>
/// One initializer that a trained node and an untrained part of the file read: what `run --store` computes, for every output, is what the export computes,
/// and the untrained part keeps its values.
/// </summary>
public sealed class PartedInitializerTests : IDisposable
{
    const int Features = TemporaryFolder.Features, Classes = TemporaryFolder.Classes;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("heads share statistics", "--bn", "train")]
    [InlineData("heads share statistics")]
    [InlineData("another head adds the mean", "--bn", "train")]
    [InlineData("another head's mean is a trained bias")]
    [InlineData("another head's mean is a trained bias", "--mode", "dense")]
    [InlineData("statistics are given on")]
    [InlineData("an output is behind an Identity")]
    public void RunWithAStoreEqualsTheExport(string kind, params string[] options) => Check(kind, options);

    [SkippableTheory]
    [InlineData("the front shares statistics", "--bn", "train")]
    [InlineData("the front's bias is the mean", "--bn", "train")]
    [InlineData("the front's bias is a Constant node that is read behind")]
    [InlineData("behind a front, another head's mean is a trained bias")]
    public void BehindACutRunWithAStoreEqualsTheExport(string kind, params string[] options)
    {
        Skip.IfNot(OnnxRuntimeFeature.IsSupported, "built without ONNX Runtime");
        Check(kind, ["--train-from", "last", .. options]);
    }

    [Fact]
    public void StatisticsThatAreGivenOnAreNotTrained()
    {
        var run = Train(Model("statistics are given on"), "--bn", "train");
        Assert.Equal(3, run.Code);
        Assert.Contains("gives its running statistics to other nodes", run.ErrorLine);
    }

    [Theory]
    [InlineData("Constant")]
    [InlineData("Cast")]
    [InlineData("Mul")]
    public void ANewHeadIsRefusedWhereTheLastLayerCannotBeResized(string kind)
    {
        var b = Begin();
        b.Initializer("w0", TemporaryFolder.Numbers(1, Features * Classes, 0.4f), Features, Classes);
        b.Node("MatMul", ["x", "w0"], ["h"], "hidden");
        b.Node("Relu", ["h"], ["r"]);
        var weights = TemporaryFolder.Numbers(2, Classes * Classes, 0.4f);
        if (kind == "Constant") b.Node("Constant", [], ["w"], "constant").Tensor("value", weights, Classes, Classes);
        else b.Initializer("w1", weights, Classes, Classes);
        if (kind == "Cast") b.Node("Cast", ["w1"], ["w"]).Int("to", 1);
        if (kind == "Mul") b.Initializer("two", [2f]).Node("Mul", ["w1", "two"], ["w"]);
        b.Node("MatMul", ["r", "w"], ["logits"], "head");
        b.Output("logits", OnnxDataType.Float, "N", Classes);
        b.Write(_folder["head.onnx"]);

        var run = Train(_folder["head.onnx"], "--new-head");

        Assert.Equal(3, run.Code);
        Assert.Contains("\"head\"", run.ErrorLine);
        Assert.False(File.Exists(_folder["s.edb"]));
    }

    [Fact]
    public void AStoreOfAModelOfOneSampleOpensAtThatBatch()
    {
        const int Steps = 2, Inputs = Features / Steps, Hidden = 4;
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, 1, Features);
        b.Initializer("shape", new long[] { Steps, 1, Inputs }, 3);
        b.Initializer("w", TemporaryFolder.Numbers(1, 4 * Hidden * Inputs, 0.4f), 1, 4 * Hidden, Inputs);
        b.Initializer("r", TemporaryFolder.Numbers(2, 4 * Hidden * Hidden, 0.4f), 1, 4 * Hidden, Hidden);
        b.Initializer("state", TemporaryFolder.Numbers(3, Hidden, 0.4f), 1, 1, Hidden);
        b.Initializer("flat", new long[] { 1, Hidden }, 2);
        b.Initializer("w1", TemporaryFolder.Numbers(4, Hidden * Classes, 0.4f), Hidden, Classes);
        b.Node("Reshape", ["x", "shape"], ["s"]);
        b.Node("LSTM", ["s", "w", "r", "", "", "state", "state"], ["", "last"], "lstm").Int("hidden_size", Hidden);
        b.Node("Reshape", ["last", "flat"], ["f"]);
        b.Node("MatMul", ["f", "w1"], ["logits"], "head");
        b.Output("logits", OnnxDataType.Float, 1, Classes);
        b.Write(_folder["lstm.onnx"]);

        var run = Edb.Run("personalize", _folder["lstm.onnx"], "--data", _folder.Data(), "--store", _folder["s.edb"], "--batch", "1", "--steps", "6", "--lr", "0.1",
            "--accept-if", "user>=-1");

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(0, Edb.Run("eval", _folder["lstm.onnx"], "--store", _folder["s.edb"], "--data", _folder["data.npz"]).Code);
        Assert.Equal(0, Edb.Run("export", _folder["lstm.onnx"], "--store", _folder["s.edb"], "-o", _folder["out.onnx"]).Code);
    }

    void Check(string kind, string[] options)
    {
        var model = Model(kind);
        var trained = Train(model, options);
        Assert.True(trained.Code == 0, trained.Error);
        Succeed("run", model, "--store", _folder["s.edb"], "--input", _folder["data.npz"], "-o", _folder["store.npz"]);
        Succeed("export", model, "--store", _folder["s.edb"], "-o", _folder["out.onnx"]);
        Succeed("run", _folder["out.onnx"], "--input", _folder["data.npz"], "-o", _folder["export.npz"]);
        Succeed("run", model, "--input", _folder["data.npz"], "-o", _folder["before.npz"]);
        var (ours, exported, before) = (NpzFile.Read(_folder["store.npz"]), NpzFile.Read(_folder["export.npz"]), NpzFile.Read(_folder["before.npz"]));
        using var file = OnnxModel.Open(model);
        Assert.Equal(file.Graph.Outputs.Select(output => output.Name), exported.Names);
        foreach (var name in ours.Names)
            Assert.All(ours[name].ReadFloats().Zip(exported[name].ReadFloats()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        if (exported.Names.Contains("apart")) Assert.Equal(before["apart"].ReadFloats(), exported["apart"].ReadFloats());
    }

    static void Succeed(params string[] args)
    {
        var run = Edb.Run(args);
        Assert.True(run.Code == 0, run.Error);
    }

    EdbRun Train(string model, params string[] options) => Edb.Run(["personalize", model, "--data", _folder.Data(), "--store", _folder["s.edb"], "--budget", "60%",
        "--steps", "8", "--batch", "10", "--lr", "0.2", "--accept-if", "user>=-1", .. options]);

    static OnnxBuilder Begin()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", Features);
        return b;
    }

    /// <summary>A trained part behind the node "last", and beside or before it a part that reads the same initializers; "apart" depends on nothing trained.</summary>
    string Model(string kind)
    {
        var b = Begin();
        b.Initializer("w", TemporaryFolder.Numbers(1, Features * Classes, 0.4f), Features, Classes);
        b.Initializer("w2", TemporaryFolder.Numbers(2, Features * Classes, 0.4f), Features, Classes);
        b.Initializer("square", TemporaryFolder.Numbers(3, Classes * Classes, 0.4f), Classes, Classes);
        foreach (var name in (string[])["s", "t", "s2", "t2"]) b.Initializer(name, TemporaryFolder.Numbers((uint)name[0], Classes, 0.4f), Classes);
        b.Initializer("m", TemporaryFolder.Numbers(9, Classes, 0.2f), Classes);
        b.Initializer("v", [0.8f, 1.2f, 1.5f], Classes);
        OnnxNodeBuilder Norm(string x, string y, string scale, string shift, string mean = "m", params string[] more)
            => b.Node("BatchNormalization", [x, scale, shift, mean, "v"], [y, .. more]);
        OnnxBuilder Out(string name) => b.Output(name, OnnxDataType.Float, "N", Classes);

        if (kind is "heads share statistics" or "another head adds the mean" or "another head's mean is a trained bias")
        {
            b.Node("Gemm", ["x", "w", "m"], ["first"], "last");
            if (kind == "another head's mean is a trained bias") b.Node("Relu", ["first"], ["logits"]);
            else Norm("first", "logits", "s", "t");
            b.Node("MatMul", ["x", "w2"], ["second"], "other");
            if (kind == "another head adds the mean") b.Node("Add", ["second", "m"], ["apart"]);
            else Norm("second", "apart", "s2", "t2");
            Out("logits");
            Out("apart");
        }
        else if (kind == "behind a front, another head's mean is a trained bias")
        {
            b.Initializer("wf", TemporaryFolder.Numbers(5, Features * Features, 0.4f), Features, Features);
            b.Node("MatMul", ["x", "wf"], ["f"], "front");
            b.Node("Gemm", ["f", "w", "m"], ["first"], "last");
            b.Node("Relu", ["first"], ["logits"]);
            b.Node("MatMul", ["f", "w2"], ["second"], "other");
            Norm("second", "apart", "s2", "t2");
            Out("logits");
            Out("apart");
        }
        else if (kind == "statistics are given on")
        {
            b.Node("MatMul", ["x", "w"], ["h"], "last");
            Norm("h", "n", "s", "t", "m", "rm", "rv").Int("training_mode", 1);
            b.Node("Add", ["n", "rm"], ["a"]);
            b.Node("Add", ["a", "m"], ["logits"]);
            Out("logits");
        }
        else if (kind == "an output is behind an Identity")
        {
            b.Node("MatMul", ["x", "w"], ["a"], "last");
            b.Node("Identity", ["a"], ["c"]);
            Out("c");
            Out("a");
        }
        else
        {
            if (kind.Contains("Constant", StringComparison.Ordinal)) b.Node("Constant", [], ["k"]).Tensor("value", TemporaryFolder.Numbers(7, Classes, 0.4f), Classes);
            if (kind == "the front shares statistics")
            {
                b.Node("MatMul", ["x", "w"], ["h"], "front");
                Norm("h", "f", "s2", "t2");
            }
            else b.Node("Gemm", ["x", "w", kind == "the front's bias is the mean" ? "m" : "k"], ["f"], "front");
            b.Node("Relu", ["f"], ["r"]);
            if (kind.Contains("Constant", StringComparison.Ordinal)) b.Node("Gemm", ["r", "square", "k"], ["g"], "last");
            else b.Node("MatMul", ["r", "square"], ["g"], "last");
            Norm("g", "logits", "s", "t");
            Out("logits");
        }
        b.Write(_folder["model.onnx"]);
        return _folder["model.onnx"];
    }
}
