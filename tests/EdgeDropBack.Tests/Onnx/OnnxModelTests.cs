using System.Security.Cryptography;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Onnx;

public sealed class OnnxModelTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("edb-onnx").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void BuiltModelReadsBack()
    {
        using OnnxModel model = OnnxModel.Open(OnnxSamples.Perceptron().Metadata("task", "test").ToBytes());
        Assert.Equal(8, model.IrVersion);
        Assert.Equal(17, model.Opsets[""]);
        Assert.Equal("EdgeDropBack", model.ProducerName);
        Assert.Equal("test", model.Metadata["task"]);
        Assert.Empty(model.Warnings);
        Assert.Equal(["Constant", "Gemm", "LeakyRelu", "Reshape"], model.Graph.Nodes.Select(n => n.OpType));
        Assert.Equal("x: Float[N,4]", model.Graph.Inputs[0].ToString());
        Assert.Equal("y: Float[N,3]", model.Graph.Outputs[0].ToString());
        Assert.Equal("h: Float[N,3]", model.Graph.ValueInfos[0].ToString());

        OnnxNode gemm = model.Graph.Nodes[1];
        Assert.Equal("Gemm \"fc\" (node 1)", gemm.ToString());
        Assert.Equal(["x", "w", "b"], gemm.Inputs);
        Assert.Equal(0.5f, gemm.Float("alpha", 1));
        Assert.Equal(1f, gemm.Float("beta", 1));
        Assert.Equal(7, gemm.Int("absent", 7));
        EdbException wrong = Assert.Throws<EdbException>(() => gemm.Int("alpha", 0));
        Assert.Contains("attribute \"alpha\" is Float, expected Int", wrong.Message);

        OnnxTensor w = model.Graph.Initializer("w")!;
        Assert.True(w.IsMapped);
        Assert.Equal([4L, 3], w.Dims);
        Assert.Equal(OnnxSamples.Weights, w.ReadFloats());
        float[] part = new float[5];
        w.ReadFloats(3, part);
        Assert.Equal(OnnxSamples.Weights[3..8], part);
        Assert.Equal([0L, -1], model.Graph.Initializer("shape")!.ReadInt64s());
        Assert.Equal([0.5f, -0.5f, 1.5f], model.Graph.Nodes[0].Tensor("value")!.ReadFloats());
        Assert.Null(model.Graph.Initializer("none"));
    }

    [Fact]
    public void EveryKindOfAttributeReadsBack()
    {
        var b = new OnnxBuilder();
        var branch = new OnnxBuilder("branch");
        branch.Node("Identity", ["x"], ["z"]);
        b.Node("Custom", ["x", ""], ["y"], domain: "my.domain").Int("i", -5).Ints("is", 1, -2, 3).Float("f", 0.25f).Floats("fs", 1, 2)
            .String("s", "text").Strings("ss", "a", "b").Tensor("t", [1L, 2], 2).Graph("g", branch)
            .Ints("p", 9).Ints("q", 8);
        using OnnxModel model = OnnxModel.Open(b.ToBytes());
        OnnxNode node = model.Graph.Nodes[0];
        Assert.Equal("my.domain", node.Domain);
        Assert.Equal(["x", ""], node.Inputs);
        Assert.Equal(-5, node.Int("i", 0));
        Assert.Equal([1L, -2, 3], node.Ints("is"));
        Assert.Equal(0.25f, node.Float("f", 0));
        Assert.Equal([1f, 2], node.Floats("fs"));
        Assert.Equal("text", node.String("s", ""));
        Assert.Equal(["a", "b"], node.Strings("ss"));
        Assert.Equal([1L, 2], node.Tensor("t")!.ReadInt64s());
        Assert.Equal("Identity", node.Graph("g")!.Nodes[0].OpType);
        Assert.Equal([8L], node.Ints("q"));
        Assert.Null(node.Ints("none"));
    }

    [Fact]
    public void FunctionReadsBack()
    {
        var b = new OnnxBuilder();
        b.Opset("local", 1).Function("local", "Scale", ["x"], ["y"], "factor").Node("LeakyRelu", ["x"], ["y"])
            .Reference("alpha", OnnxAttributeType.Float, "factor");
        b.Node("Scale", ["a"], ["b"], domain: "local").Float("factor", 2);
        using OnnxModel model = OnnxModel.Open(b.ToBytes());
        OnnxFunction function = Assert.Single(model.Functions);
        Assert.Equal(("local", "Scale"), (function.Domain, function.Name));
        Assert.Equal(["factor"], function.Attributes);
        Assert.Equal(17, function.Opsets[""]);
        Assert.Equal("factor", function.Nodes[0].Attribute("alpha")!.ReferencedName);
        Assert.Contains("inline", Assert.Throws<EdbException>(() => function.Nodes[0].Float("alpha", 0)).Message);
    }

    [Fact]
    public void HashIsThatOfTheFile()
    {
        string path = Path.Combine(_folder, "m.onnx");
        OnnxSamples.Perceptron().Write(path);
        using OnnxModel model = OnnxModel.Open(path);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), model.Sha256);
        Assert.Equal(new FileInfo(path).Length, model.FileLength);
    }

    [Fact]
    public void NewerVersionsAreWarnings()
    {
        using OnnxModel model = OnnxModel.Open(OnnxSamples.Perceptron(irVersion: 99, opset: 88).ToBytes());
        Assert.Equal(2, model.Warnings.Count);
        Assert.Contains($"99 is newer than {OnnxVersions.NewestIr}", model.Warnings[0]);
        Assert.Contains($"88 is newer than {OnnxVersions.NewestOpset}", model.Warnings[1]);
    }

    [Fact]
    public void TrainingArtifactIsRecognised()
    {
        OnnxBuilder b = OnnxSamples.Perceptron();
        using (OnnxModel plain = OnnxModel.Open(b.ToBytes())) Assert.False(plain.IsTrainingArtifact);
        b.Node("ReluGrad", ["a", "h"], ["g"], domain: "com.microsoft");
        using OnnxModel model = OnnxModel.Open(b.ToBytes());
        Assert.True(model.IsTrainingArtifact);
    }

    [Fact]
    public void TensorsOfAClosedModelAreRefused()
    {
        string path = Path.Combine(_folder, "m.onnx");
        OnnxSamples.Perceptron().Write(path);
        OnnxModel model = OnnxModel.Open(path);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Graph.Initializer("w")!.ReadFloats());
    }

    [Fact]
    public void ReferenceModelsOfTheRepositoryParse()
    {
        string[] folders = [Path.Combine(Root(), "tests", "references"), Path.Combine(Root(), "models")];
        string[] models = [.. folders.SelectMany(folder => Directory.GetFiles(folder, "*.onnx", SearchOption.AllDirectories))];
        Assert.NotEmpty(models);
        foreach (string path in models)
        {
            using OnnxModel model = OnnxModel.Open(path);
            Assert.NotEmpty(model.Graph.Nodes);
            Assert.All(model.Graph.Initializers, t => Assert.Equal(t.ByteCount, t.Raw.Length));
            if (TrainingNodes.Warning(model) is not null) continue;
            using var copy = new MemoryStream();
            OnnxExport.Write(model, new Dictionary<string, ReplacedTensor>(), copy);
            Assert.Equal(File.ReadAllBytes(path), copy.ToArray());
        }
    }

    static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EdgeDropBack.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
