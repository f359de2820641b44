using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Onnx;

public sealed class OnnxExportTests
{
    static readonly Dictionary<string, ReplacedTensor> s_none = [];

    [Fact]
    public void WithoutChangesTheCopyIsEqualByteForByte()
    {
        byte[] bytes = [.. OnnxSamples.Perceptron().ToBytes(), 0xFA, 0x3F, 3, 1, 2, 3];
        using OnnxModel model = OnnxModel.Open(bytes);
        Assert.Equal(bytes, Export(model, s_none));
    }

    [Fact]
    public void TheSameValuesGiveTheSameTensors()
    {
        using OnnxModel model = OnnxModel.Open(OnnxSamples.Perceptron().ToBytes());
        OnnxTensor w = model.Graph.Initializer("w")!;
        using OnnxModel copy = OnnxModel.Open(Export(model, new() { ["w"] = new(w.Dims, w.ReadFloats) }));
        Assert.Equal(OnnxSamples.Weights, copy.Graph.Initializer("w")!.ReadFloats());
        Assert.Equal(model.FileLength, copy.FileLength);
    }

    [Fact]
    public void InitializersAndConstantsTakeNewValues()
    {
        using OnnxModel model = OnnxModel.Open(OnnxSamples.Perceptron().ToBytes());
        using OnnxModel copy = OnnxModel.Open(Export(model, new()
        {
            ["w"] = new([4, 3], (start, chunk) => Fill(start, chunk, 10)),
            ["b"] = new([3], (start, chunk) => Fill(start, chunk, 100)),
        }));
        Assert.Equal(Enumerable.Range(10, 12).Select(i => (float)i), copy.Graph.Initializer("w")!.ReadFloats());
        Assert.Equal([100f, 101, 102], copy.Graph.Nodes[0].Tensor("value")!.ReadFloats());
        Assert.Equal(["Constant", "Gemm", "LeakyRelu", "Reshape"], copy.Graph.Nodes.Select(n => n.OpType));
        Assert.Equal(0.5f, copy.Graph.Nodes[1].Float("alpha", 0));
    }

    [Fact]
    public void NewHeadChangesShapesOfParametersAndOutputs()
    {
        using OnnxModel model = OnnxModel.Open(OnnxSamples.Perceptron().ToBytes());
        byte[] bytes = Export(
            model,
            new() { ["w"] = new([4, 5], (start, chunk) => chunk.Clear()), ["b"] = new([5], (start, chunk) => chunk.Clear()) },
            new() { ["y"] = [-1, 5], ["h"] = [-1, 5] },
            new() { ["labels"] = "a,b,c,d,e" });
        using OnnxModel copy = OnnxModel.Open(bytes);
        Assert.Equal("y: Float[N,5]", copy.Graph.Outputs[0].ToString());
        Assert.Equal("h: Float[N,5]", copy.Graph.ValueInfos[0].ToString());
        Assert.Equal([4L, 5], copy.Graph.Initializer("w")!.Dims);
        Assert.Equal("a,b,c,d,e", copy.Metadata["labels"]);
    }

    [Fact]
    public void InitializerThatIsAlsoAnInputKeepsItsShapeInStep()
    {
        var b = new OnnxBuilder("g", irVersion: 3, opset: 8);
        b.Input("w", OnnxDataType.Float, 2).Initializer("w", [1f, 2], 2);
        using OnnxModel model = OnnxModel.Open(b.ToBytes());
        using OnnxModel copy = OnnxModel.Open(Export(model, new() { ["w"] = new([3], (start, chunk) => chunk.Clear()) }));
        Assert.Equal("w: Float[3]", copy.Graph.Inputs[0].ToString());
    }

    [Theory]
    [InlineData(OnnxDataType.Float16, 2, 1.5f, 1.5f)]
    [InlineData(OnnxDataType.Float16, 2, 2049f, 2048f)]
    [InlineData(OnnxDataType.BFloat16, 2, 257f, 256f)]
    [InlineData(OnnxDataType.Double, 8, 0.1f, 0.1f)]
    public void ValuesAreWrittenInTheTypeOfTheModel(Enum dataType, int size, float value, float expected)
    {
        var type = (OnnxDataType)dataType;
        var b = new OnnxBuilder();
        b.Initializer("w", type, new byte[size], 1);
        using OnnxModel model = OnnxModel.Open(b.ToBytes());
        using OnnxModel copy = OnnxModel.Open(Export(model, new() { ["w"] = new([1], (_, chunk) => chunk.Fill(value)) }));
        Assert.Equal(type, copy.Graph.Initializer("w")!.DataType);
        Assert.Equal([expected], copy.Graph.Initializer("w")!.ReadFloats());
    }

    [Fact]
    public void ValuesOfABranchAreReplaced()
    {
        var branch = new OnnxBuilder("branch");
        branch.Initializer("inner", [1f, 2], 2).Node("Identity", ["inner"], ["z"]);
        var b = new OnnxBuilder();
        b.Node("If", ["c"], ["y"]).Graph("then_branch", branch);
        using OnnxModel model = OnnxModel.Open(b.ToBytes());
        using OnnxModel copy = OnnxModel.Open(Export(model, new() { ["inner"] = new([2], (_, chunk) => chunk.Fill(7)) }));
        Assert.Equal([7f, 7], copy.Graph.Nodes[0].Graph("then_branch")!.Initializer("inner")!.ReadFloats());
    }

    [Fact]
    public void ConstantGivenAsFloatsBecomesATensor()
    {
        var b = new OnnxBuilder();
        b.Node("Constant", [], ["c"]).Floats("value_floats", 1, 2);
        using OnnxModel model = OnnxModel.Open(b.ToBytes());
        using OnnxModel copy = OnnxModel.Open(Export(model, new() { ["c"] = new([2], (_, chunk) => chunk.Fill(7)) }));
        Assert.Equal([7f, 7], copy.Graph.Nodes[0].Tensor("value")!.ReadFloats());
        Assert.False(copy.Graph.Nodes[0].Has("value_floats"));
    }

    [Fact]
    public void LargeParameterIsAskedForInChunksInOrder()
    {
        const int Count = 100_000;
        var b = new OnnxBuilder();
        b.Initializer("w", OnnxDataType.Float, (start, chunk) => Fill(start, chunk, 0), Count);
        using OnnxModel model = OnnxModel.Open(b.ToBytes());
        long next = 0;
        int longest = 0;
        void Take(long start, Span<float> chunk)
        {
            Assert.Equal(next, start);
            next += chunk.Length;
            longest = Math.Max(longest, chunk.Length);
        }

        Export(model, new() { ["w"] = new([Count], Take) });
        Assert.Equal(Count, next);
        Assert.InRange(longest, 1, 1 << 14);
        Assert.Equal(Count - 1, model.Graph.Initializers[0].ReadFloats()[^1]);
    }

    [Fact]
    public void WrongRequestsFailBeforeAnythingIsWritten()
    {
        using OnnxModel model = OnnxModel.Open(OnnxSamples.Perceptron().ToBytes());
        ReplacedTensor one = new([1], (_, chunk) => chunk.Clear());
        Assert.Contains("no constant or value \"v\"", Failure(model, new() { ["v"] = one }));
        Assert.Contains("\"shape\" is Int64 (7), expected fp32", Failure(model, new() { ["shape"] = one }));
        Assert.Contains("2 dimensions, given 1", Failure(model, s_none, new() { ["y"] = [5] }));
    }

    [Fact]
    public void ModelIsReplacedWhole()
    {
        string folder = Directory.CreateTempSubdirectory("edb-onnx").FullName;
        string path = Path.Combine(folder, "m.onnx");
        OnnxSamples.Perceptron().Write(path);
        using (OnnxModel model = OnnxModel.Open(path))
            OnnxExport.Write(model, new Dictionary<string, ReplacedTensor> { ["w"] = new([4, 3], (_, chunk) => chunk.Fill(3)) }, path);
        using (OnnxModel copy = OnnxModel.Open(path)) Assert.Equal(Enumerable.Repeat(3f, 12), copy.Graph.Initializer("w")!.ReadFloats());
        Assert.Equal([path], Directory.GetFiles(folder));
        using (OnnxModel model = OnnxModel.Open(path))
        {
            string nowhere = Path.Combine(folder, "no", "m.onnx");
            Assert.Equal(1, Assert.Throws<EdbException>(() => OnnxExport.Write(model, s_none, nowhere)).ExitCode);
        }

        Directory.Delete(folder, true);
    }

    [SkippableFact]
    public void EveryModelOfTheOnnxTestsIsCopiedByteForByte()
    {
        string[] models = OnnxTestDataTests.Models();
        Skip.If(models.Length == 0, "apt install libonnx-testdata");
        foreach (string path in models)
        {
            using OnnxModel model = OnnxModel.Open(path);
            if (TrainingNodes.Warning(model) is not null) continue;
            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(Export(model, s_none)), path);
        }
    }

    static void Fill(long start, Span<float> chunk, float first)
    {
        for (int i = 0; i < chunk.Length; i++) chunk[i] = first + start + i;
    }

    static string Failure(OnnxModel model, Dictionary<string, ReplacedTensor> replacements, Dictionary<string, long[]>? shapes = null)
    {
        using var stream = new MemoryStream();
        EdbException e = Assert.Throws<EdbException>(() => OnnxExport.Write(model, replacements, stream, shapes));
        Assert.Equal(0, stream.Length);
        return e.Message;
    }

    static byte[] Export(
        OnnxModel model, Dictionary<string, ReplacedTensor> replacements, Dictionary<string, long[]>? shapes = null,
        Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        OnnxExport.Write(model, replacements, stream, shapes, metadata);
        return stream.ToArray();
    }
}
