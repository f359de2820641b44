using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>Attention over inputs with too few or too many dimensions is refused, whichever input it is.</summary>
public sealed class AttentionRankTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(1, 5)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    public void InputsOfAnotherRankAreRefused(int input, int rank)
    {
        var b = new OnnxBuilder(opset: 23);
        for (var i = 0; i < 3; i++) b.Input($"x{i}", OnnxDataType.Float, [.. Enumerable.Repeat((OnnxDim)1, i == input ? rank : 4)]);
        b.Output("y", OnnxDataType.Float);
        b.Node("Attention", ["x0", "x1", "x2"], ["y"]);
        using var model = OnnxModel.Open(b.ToBytes());
        Assert.Contains($"input {input} has shape", Assert.Throws<EdbException>(() => GraphImporter.Import(model, new ImportOptions())).Message);
    }
}
