using EdgeDropBack.Data;
using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Library;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Onnx;

/// <summary>The networks that `edb new` writes.</summary>
public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("mnist-100-100", 89_610)]
    [InlineData("lenet-300-100", 266_610)]
    [InlineData("mlp-32", 25_450)]
    [InlineData("vgg-s", 14_987_200)]
    [InlineData("wrn-28-10", 36_479_194)]
    [InlineData("densenet", 27_253_738)]
    public void ParametersAreThoseOfTheDefinition(string name, long parameters)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, name, new(3));
        using (var model = OnnxModel.Open(path))
        {
            var graph = GraphImporter.Import(model, new ImportOptions());
            Assert.Equal(parameters, graph.ParameterCount);
            Assert.All(graph.Parameters, p => Assert.Equal(0, p.Base.BytesPerElement));
        }
        // A DenseNet's file holds the running statistics of 99 batch norms, which are no weights.
        Assert.True(new FileInfo(path).Length <= (name == "densenet" ? 1_050_000 : 200_000));
    }

    [SkippableTheory]
    [InlineData("mnist-100-100")]
    [InlineData("lenet-300-100")]
    [InlineData("vgg-s")]
    [InlineData("densenet")]
    [InlineData("wrn-28-10")]
    public void OnnxCheckerFindsNothing(string name)
    {
        using var folder = new TemporaryFolder();
        OnnxChecker.Check(Write(folder, name, new(3)));
    }

    [Theory]
    [InlineData("mnist-100-100", "lecun")]
    [InlineData("lenet-300-100", "glorot-uniform")]
    public void OnnxRuntimeGivesOurLogits(string name, string scale)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, name, new(3, Scale: InitialScale.All.Single(s => s.Name == scale)));
        Agree(path, 3);
    }

    [Theory]
    [InlineData("vgg-s", 32)]
    [InlineData("wrn-28-10", 8)]
    [InlineData("densenet", 8)]
    public void OnnxRuntimeGivesOurLogitsOfConvolutions(string name, int size)
    {
        using var folder = new TemporaryFolder();
        Agree(Write(folder, name, new(3, Input: [3, size, size])), 1);
    }

    [Fact]
    public void AnInputThatPoolsToNothingIsRefused()
    {
        var refusal = Assert.Throws<EdbException>(() => Architecture.Find("vgg-s").Build(new(3, Input: [3, 16, 16])));
        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains("--input is 3x16x16", refusal.Message);
    }

    [Fact]
    public void ClassesAndInputAreFree()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "mnist-100-100", new(3, 26, [3, 8, 10]));
        using var session = TrainingSession.Open(path, new() { Batch = 2, Threads = 1 });
        Assert.Equal([2, 3, 8, 10], session.Graph.Inputs[0].Shape.ToArray());
        Assert.Equal(26, session.Outputs);
        Assert.Equal(240 * 100 + 100 + 100 * 100 + 100 + 100 * 26 + 26, session.Graph.ParameterCount);
    }

    [Theory]
    [InlineData("mnist-100-100", "197fff7088ab3827966d53a550e10dc573aa1b24b772b8d1b9de2e8aeb4e6c12")]
    [InlineData("lenet-300-100", "ee1073b2c6614da1ce5e42cdb02b446277e12cedf49ebc9e3c7b8c77f863a1aa")]
    [InlineData("vgg-s", "aaae05501e1b7963b7488f5f8b8dedca73ca64e136360235a9ee0966c759817e")]
    [InlineData("densenet", "72139742c0e8891d94ff5fc76b5714ef2713f82929e68824a1254ae0680dec00")]
    [InlineData("wrn-28-10", "c1e4cd4c6ed3b8233f6a93bb233ede64d913ecb31f9d8649838d1b3ac00e290a")]
    public void TheWeightsOfASeedAreFixedForEver(string name, string sha256)
    {
        using var model = OnnxModel.Open(Architecture.Find(name).Build(new(7)).ToBytes());
        Assert.Equal(sha256, WeightHash.Of(GraphImporter.Import(model, new ImportOptions())));
    }

    [Fact]
    public void TheSameSeedGivesTheSameFileAndAnotherAnother()
    {
        static byte[] Bytes(uint seed) => Architecture.Find("lenet-300-100").Build(new(seed)).ToBytes();
        Assert.Equal(Bytes(5), Bytes(5));
        Assert.NotEqual(Bytes(5), Bytes(6));
    }

    [Theory]
    [InlineData("resnet-50")]
    [InlineData("mlp-")]
    [InlineData("mlp-0")]
    [InlineData("mlp-10-x")]
    public void AnUnknownArchitectureListsTheKnownOnes(string name)
    {
        var refusal = Assert.Throws<EdbException>(() => Architecture.Find(name));
        Assert.Equal(2, refusal.ExitCode);
        Assert.All(Architecture.Names, known => Assert.Contains(known, refusal.Message));
    }

    [Theory]
    [InlineData(1, "1x28x28", "--classes is 1")]
    [InlineData(100_000, "1x28x28", "--classes is 100000")]
    [InlineData(10, "0x28x28", "--input is 0x28x28")]
    [InlineData(10, "1x28", "--input is 1x28")]
    [InlineData(10, "1x9000x28", "--input is 1x9000x28")]
    public void ClassesAndInputOutOfRangeAreRefused(int classes, string input, string named)
    {
        var refusal = Assert.Throws<EdbException>(() => Architecture.Find("mnist-100-100").Build(new(1, classes, [.. input.Split('x').Select(int.Parse)])));
        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains(named, refusal.Message);
    }

    internal static string Write(TemporaryFolder folder, string name, ModelOptions options)
    {
        var path = folder[name + ".onnx"];
        Architecture.Find(name).Build(options).Write(path);
        return path;
    }

    internal static void Agree(string path, int batch)
    {
        using var session = TrainingSession.Open(path, new() { Batch = batch, Threads = 1 });
        var shape = session.Graph.Inputs[0].Shape;
        var x = new float[shape.Count];
        for (var i = 0; i < x.Length; i++) x[i] = SampleOrder.Hash(1, (ulong)i) % 1000 / 1000f;
        Logits.AssertClose(OrtModel.Run(path, x, shape.ToArray()).Values, Logits.Of(session, x), 1e-4f);
    }
}
