using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Onnx;

/// <summary>Numbers of 4 and 8 bits, against the tables of the ONNX specification.</summary>
public sealed class SmallFloatsTests
{
    [Theory]
    [InlineData(nameof(OnnxDataType.Float8E4M3FN), 448f, 464f, float.NaN)]
    [InlineData(nameof(OnnxDataType.Float8E4M3FNUZ), 240f, 248f, float.NaN)]
    [InlineData(nameof(OnnxDataType.Float8E5M2), 57344f, 61440f, float.PositiveInfinity)]
    [InlineData(nameof(OnnxDataType.Float8E5M2FNUZ), 57344f, 61440f, float.NaN)]
    public void LargeNumbersSaturateOrOverflow(string name, float largest, float halfAbove, float beyond)
    {
        var type = Enum.Parse<OnnxDataType>(name);
        Assert.Equal(largest, SmallFloats.Round(type, float.BitDecrement(halfAbove), saturates: false));
        foreach (var value in (float[])[float.BitIncrement(halfAbove), 1e30f, float.PositiveInfinity])
        {
            Assert.Equal(largest, SmallFloats.Round(type, value, saturates: true));
            Assert.Equal(-largest, SmallFloats.Round(type, -value, saturates: true));
            Assert.Equal(beyond, SmallFloats.Round(type, value, saturates: false));
        }
        Assert.True(float.IsNaN(SmallFloats.Round(type, float.NaN, saturates: true)));
    }

    [Theory]
    [InlineData(nameof(OnnxDataType.Float4E2M1))]
    [InlineData(nameof(OnnxDataType.Float8E4M3FN))]
    [InlineData(nameof(OnnxDataType.Float8E4M3FNUZ))]
    [InlineData(nameof(OnnxDataType.Float8E5M2))]
    [InlineData(nameof(OnnxDataType.Float8E5M2FNUZ))]
    public void EveryNumberOfTheTypeIsItsOwnAndBetweenTwoTheNearerIsTaken(string name)
    {
        var type = Enum.Parse<OnnxDataType>(name);
        var codes = 1 << type.Bits();
        var values = Enumerable.Range(0, codes / 2).Select(code => SmallFloats.ToFloat(type, code)).Where(float.IsFinite).ToArray();
        Assert.Equal(values.Order(), values);
        for (var i = 0; i < values.Length; i++)
        {
            Assert.Equal(values[i], SmallFloats.Round(type, values[i], saturates: false));
            Assert.Equal(-values[i], SmallFloats.Round(type, -values[i], saturates: false));
            if (i + 1 == values.Length) continue;
            var middle = (values[i] + values[i + 1]) / 2;
            Assert.Equal(values[i], SmallFloats.Round(type, float.BitDecrement(middle), saturates: true));
            Assert.Equal(values[i + i % 2], SmallFloats.Round(type, middle, saturates: true));
            Assert.Equal(values[i + 1], SmallFloats.Round(type, float.BitIncrement(middle), saturates: true));
        }
    }

    [Theory]
    [InlineData(nameof(OnnxDataType.Float8E4M3FNUZ), false)]
    [InlineData(nameof(OnnxDataType.Float8E5M2FNUZ), false)]
    [InlineData(nameof(OnnxDataType.Float8E4M3FN), true)]
    public void ZeroHasASignWhereTheTypeHasRoomForIt(string name, bool isNegative)
        => Assert.Equal(isNegative, float.IsNegative(SmallFloats.Round(Enum.Parse<OnnxDataType>(name), -1e-10f, saturates: true)));

    [Fact]
    public void FourBitNumbersAreThoseOfTheSpecification()
        => Assert.Equal([0f, 0.5f, 1f, 1.5f, 2f, 3f, 4f, 6f], Enumerable.Range(0, 8).Select(code => SmallFloats.ToFloat(OnnxDataType.Float4E2M1, code)));

    [Theory]
    [InlineData(5f, "up", 8f)]
    [InlineData(5f, "down", 4f)]
    [InlineData(5f, "nearest", 4f)]
    [InlineData(6f, "nearest", 8f)]
    [InlineData(4f, "up", 4f)]
    [InlineData(-1f, "up", float.NaN)]
    public void PowersOfTwoAreRoundedAsAsked(float value, string mode, float expected)
        => Assert.Equal(expected, SmallFloats.RoundToPower(value, mode, saturates: true));

    [Fact]
    public void SmallIntegersKeepTheirLowBits()
    {
        var x = new ConstantTensor(OnnxDataType.Float, new Shape(4), [-9.7, 7, 8, 300]);
        Assert.Equal([7, 7, -8, -4], ConstantFolding.Cast(x, OnnxDataType.Int4).Values);
        Assert.Equal([7, 7, 8, 12], ConstantFolding.Cast(x, OnnxDataType.UInt4).Values);
        Assert.Equal([-9, 7, 8, 44], ConstantFolding.Cast(x, OnnxDataType.Int8).Values);
        Assert.Equal([247, 7, 8, 44], ConstantFolding.Cast(x, OnnxDataType.UInt8).Values);
    }
}
