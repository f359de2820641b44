using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Library;

namespace EdgeDropBack.Tests.Onnx;

/// <summary>The functions that stand for weights: their bodies compute our bits, and only they are recognised.</summary>
public sealed class BaseFunctionTests
{
    [Theory]
    [InlineData(1u, 0u, 0.05f, 7, 13)]
    [InlineData(0u, 1u, 1f, 1, 1)]
    [InlineData(uint.MaxValue, uint.MaxValue, 3e-7f, 65, 33)]
    [InlineData(2463534242u, 77u, 0.0357142873f, 300, 784)]
    public void TheBodiesComputeTheSameBitsInOnnxRuntime(uint seed, uint tensor, float scale, int rows, int columns)
    {
        foreach (var function in (BaseFunction[])[BaseFunction.Normal, BaseFunction.Uniform])
        {
            var bytes = Model(function, seed, tensor, scale, [rows, columns]);
            var expected = new float[rows * columns];
            IndexedRandom.Fill(new RegeneratedBase(seed, tensor, scale, function.Distribution), 0, expected);
            var (values, shape) = OrtModel.RunAlone(bytes);
            Assert.Equal([rows, columns], shape);
            Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), values.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    [Fact]
    public void FilledGivesItsValueInOnnxRuntime()
    {
        var model = Builder(b => b.Node("Filled", [], ["w"], "w", BaseFunction.Domain).Ints("shape", 3, 2).Float("value", 0.25f));
        var (values, shape) = OrtModel.RunAlone(model);
        Assert.Equal([3, 2], shape);
        Assert.All(values, value => Assert.Equal(0.25f, value));
    }

    [Fact]
    public void ACallBecomesARegeneratedParameter()
    {
        var graph = Import(Dense(b => b.Node("SeededNormal", [], ["w"], "w", BaseFunction.Domain).Int("seed", 7).Int("tensor", 3).Ints("shape", 4, 3).Float("scale", 0.5f)));
        var parameter = Assert.Single(graph.Parameters);
        Assert.Equal((BaseKind.Regenerated, "w"), (parameter.Base.Kind, parameter.Name));
        Assert.Equal(new RegeneratedBase(7, 3, 0.5f, Distribution.Normal), ((RegeneratedParameterBase)parameter.Base).Regenerated);
    }

    [Fact]
    public void ASeedGivenAtImportTakesThePlaceOfTheFiles()
    {
        using var model = OnnxModel.Open(Architecture.Find("mnist-100-100").Build(new(7)).ToBytes());
        var graph = GraphImporter.Import(model, new ImportOptions { BaseSeed = 9 });
        var seeds = graph.Parameters.Select(p => p.Base).OfType<RegeneratedParameterBase>().Select(b => b.Regenerated.Seed).Distinct();
        Assert.Equal([9u], seeds);
    }

    [Fact]
    public void AnAlteredBodyIsPlainOnnxAndSaysSo()
    {
        using var model = OnnxModel.Open(Dense(b => b.Node("SeededNormal", [], ["w"], "w", BaseFunction.Domain).Ints("shape", 4, 3).Float("value", 0.5f), altered: true));
        Assert.Contains("edgedropback.SeededNormal is not the one", Assert.Single(model.Warnings));
        var graph = GraphImporter.Import(model, new ImportOptions());
        Assert.Empty(graph.Parameters);
    }

    [Fact]
    public void EveryChangeOfABodyIsSeen()
    {
        var bytes = Model(BaseFunction.Normal, 1, 0, 1f, [2, 2]);
        var body = bytes.AsSpan().IndexOf("BitShift"u8);
        var changes = 0;
        for (var i = body; i < body + 400; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            try
            {
                using var model = OnnxModel.Open(changed);
                Assert.Null(model.Functions[0].Base);
                changes++;
            }
            catch (EdbException)
            {
                changes++;
            }
        }
        Assert.Equal(400, changes);
    }

    [Theory]
    [InlineData("seed is -1", -1L, 0L, 1f, new long[] { 2, 2 })]
    [InlineData("seed is 4294967296", 1L << 32, 0L, 1f, new long[] { 2, 2 })]
    [InlineData("tensor is -3", 1L, -3L, 1f, new long[] { 2, 2 })]
    [InlineData("scale is 0", 1L, 0L, 0f, new long[] { 2, 2 })]
    [InlineData("scale is NaN", 1L, 0L, float.NaN, new long[] { 2, 2 })]
    [InlineData("shape is [2, 0]", 1L, 0L, 1f, new long[] { 2, 0 })]
    [InlineData("shape is [-2, 2]", 1L, 0L, 1f, new long[] { -2, 2 })]
    [InlineData("more than 2147483647", 1L, 0L, 1f, new long[] { 65536, 65536 })]
    [InlineData("dimension 0", 1L, 0L, 1f, new long[] { 1L << 40, 2 })]
    public void WhatIsOutOfRangeIsRefusedByNode(string named, long seed, long tensor, float scale, long[] shape)
    {
        using var model = OnnxModel.Open(Builder(b =>
            b.Node("SeededNormal", [], ["w"], "w", BaseFunction.Domain).Int("seed", seed).Int("tensor", tensor).Ints("shape", shape).Float("scale", scale)));
        var refusal = Assert.Throws<EdbException>(() => GraphImporter.Import(model, new ImportOptions()));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("SeededNormal \"w\"", refusal.Message);
        Assert.Contains(named, refusal.Message);
    }

    [Fact]
    public void AMissingAttributeIsRefusedByName()
    {
        using var model = OnnxModel.Open(Builder(b => b.Node("SeededNormal", [], ["w"], "w", BaseFunction.Domain).Ints("shape", 2, 2).Float("scale", 1f)));
        Assert.Contains("called without seed", Assert.Throws<EdbException>(() => GraphImporter.Import(model, new ImportOptions())).Message);
    }

    static Graph Import(byte[] bytes)
    {
        using var model = OnnxModel.Open(bytes);
        return GraphImporter.Import(model, new ImportOptions());
    }

    static byte[] Model(BaseFunction function, uint seed, uint tensor, float scale, long[] shape) => Builder(b => b.Node(function.Name, [], ["w"], "w", BaseFunction.Domain)
        .Int("seed", seed).Int("tensor", tensor).Ints("shape", shape).Float("scale", scale), function);

    static byte[] Builder(Action<OnnxBuilder> call, params BaseFunction[] functions)
    {
        var b = new OnnxBuilder("weights", BaseFunction.IrVersion, BaseFunction.Opset).Opset(BaseFunction.Domain, BaseFunction.DomainVersion);
        call(b);
        foreach (var function in functions.Length > 0 ? functions : [.. BaseFunction.All]) BaseFunctionBodies.Add(b, function, BaseFunction.Domain);
        return b.Output("w", OnnxDataType.Float).ToBytes();
    }

    static byte[] Dense(Action<OnnxBuilder> weights, bool altered = false)
    {
        var b = new OnnxBuilder("dense", BaseFunction.IrVersion, BaseFunction.Opset).Opset(BaseFunction.Domain, BaseFunction.DomainVersion);
        b.Input("x", OnnxDataType.Float, "N", 4);
        weights(b);
        b.Node("MatMul", ["x", "w"], ["y"]);
        if (altered)
        {
            var function = b.Function(BaseFunction.Domain, "SeededNormal", [], ["weights"], "shape", "value");
            function.Node("Constant", [], ["s"]).Reference("value_ints", OnnxAttributeType.Ints, "shape");
            function.Node("Constant", [], ["v"]).Reference("value_float", OnnxAttributeType.Float, "value");
            function.Node("Expand", ["v", "s"], ["weights"]);
        }
        else
        {
            BaseFunctionBodies.Add(b, BaseFunction.Normal, BaseFunction.Domain);
        }
        return b.Output("y", OnnxDataType.Float, "N", 3).ToBytes();
    }
}
