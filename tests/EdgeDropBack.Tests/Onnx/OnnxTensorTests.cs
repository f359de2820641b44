using System.Runtime.InteropServices;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Onnx;

/// <summary>Every way TensorProto can hold values.</summary>
public sealed class OnnxTensorTests
{
    [Fact]
    public void PackedFloatsAreMapped()
    {
        ProtoWriter tensor = Header(OnnxDataType.Float, 3).Bytes(4, MemoryMarshal.AsBytes<float>([1, 2, 3]));
        OnnxTensor read = Read(tensor);
        Assert.True(read.IsMapped);
        Assert.Equal(12, read.MappedBytes.Length);
        Assert.Equal([1f, 2, 3], read.ReadFloats());
    }

    [Fact]
    public void UnpackedAndSplitFloatsAreDecoded()
    {
        OnnxTensor read = Read(Header(OnnxDataType.Float, 4).Single(4, 1).Bytes(4, MemoryMarshal.AsBytes<float>([2, 3])).Single(4, 4));
        Assert.False(read.IsMapped);
        Assert.Throws<InvalidOperationException>(() => read.MappedBytes.Length);
        Assert.Equal([1f, 2, 3, 4], read.ReadFloats());
    }

    [Fact]
    public void PackedDoublesAreMapped()
    {
        OnnxTensor read = Read(Header(OnnxDataType.Double, 2).Bytes(10, MemoryMarshal.AsBytes<double>([1.5, -2])));
        Assert.True(read.IsMapped);
        Assert.Equal([1.5f, -2], read.ReadFloats());
        Assert.Equal([3f], Read(Header(OnnxDataType.Double, 1).Double(10, 3)).ReadFloats());
    }

    [Theory]
    [InlineData(OnnxDataType.Int64, 7, -3L)]
    [InlineData(OnnxDataType.Int32, 5, -3L)]
    [InlineData(OnnxDataType.Int16, 5, -300L)]
    [InlineData(OnnxDataType.Int8, 5, -3L)]
    [InlineData(OnnxDataType.UInt8, 5, 200L)]
    [InlineData(OnnxDataType.UInt16, 5, 60000L)]
    [InlineData(OnnxDataType.UInt32, 11, 4000000000L)]
    [InlineData(OnnxDataType.UInt64, 11, 5000000000L)]
    [InlineData(OnnxDataType.Bool, 5, 1L)]
    public void IntegerListsAreDecodedPackedOrNot(Enum dataType, int field, long value)
    {
        var type = (OnnxDataType)dataType;
        OnnxTensor packed = Read(Header(type, 2).PackedVarints(field, [value, 0]));
        Assert.Equal([value, 0], packed.ReadInt64s());
        Assert.Equal([(float)value, 0], packed.ReadFloats());
        OnnxTensor unpacked = Read(Header(type, 2).Varint(field, value).Varint(field, 0));
        Assert.Equal([value, 0], unpacked.ReadInt64s());
        Assert.Equal(type.Bits() / 4, unpacked.Raw.Length);
    }

    [Fact]
    public void HalfFloatsConvertFromRawAndFromLists()
    {
        ushort one = BitConverter.HalfToUInt16Bits((Half)1.5f);
        Assert.Equal([1.5f], Read(Header(OnnxDataType.Float16, 1).Bytes(9, BitConverter.GetBytes(one))).ReadFloats());
        Assert.Equal([1.5f], Read(Header(OnnxDataType.Float16, 1).PackedVarints(5, [one])).ReadFloats());
        Assert.Equal([1.5f], Read(Header(OnnxDataType.BFloat16, 1).PackedVarints(5, [0x3FC0])).ReadFloats());
    }

    [Fact]
    public void PackedSmallIntegersUnpackFromTheLowBits()
    {
        Assert.Equal([1L, -1, 7], Read(Header(OnnxDataType.Int4, 3).Bytes(9, [0xF1, 0x07])).ReadInt64s());
        Assert.Equal([1L, 15, 7], Read(Header(OnnxDataType.UInt4, 3).PackedVarints(5, [0xF1, 0x07])).ReadInt64s());
        Assert.Equal([1L, -2, -1, 0, 1], Read(Header(OnnxDataType.Int2, 5).Bytes(9, [0b00_11_10_01, 1])).ReadInt64s());
    }

    [Fact]
    public void StringsAreRead()
    {
        Assert.Equal(["a", "", "b"], Read(Header(OnnxDataType.String, 3).String(6, "a").String(6, "").String(6, "b")).ReadStrings());
        Assert.Contains("cannot be read as numbers",
            Assert.Throws<EdbException>(() => Read(Header(OnnxDataType.String, 1).String(6, "a")).ReadFloats()).Message);
    }

    [Fact]
    public void ScalarsAndEmptyTensorsAreRead()
    {
        Assert.Equal([2f], Read(Header(OnnxDataType.Float).Bytes(9, BitConverter.GetBytes(2f))).ReadFloats());
        Assert.Empty(Read(Header(OnnxDataType.Float, 0, 7)).ReadFloats());
        Assert.Empty(Read(Header(OnnxDataType.Float, 0, long.MaxValue, long.MaxValue)).ReadFloats());
        Assert.Empty(Read(Header(OnnxDataType.Int64, 0)).ReadInt64s());
    }

    [Fact]
    public void PackedDimsAreAccepted()
    {
        ProtoWriter tensor = new ProtoWriter().PackedVarints(1, [2, 1]).Varint(2, 1).String(8, "t").Bytes(9, new byte[8]);
        Assert.Equal([2L, 1], Read(tensor).Dims);
    }

    [Theory]
    [InlineData(0x3F80_0000u, 0x3F80)]
    [InlineData(0x3F80_8000u, 0x3F80)]
    [InlineData(0x3F81_8000u, 0x3F82)]
    [InlineData(0x3F80_8001u, 0x3F81)]
    [InlineData(0x7F7F_FFFFu, 0x7F80)]
    [InlineData(0x7F80_0001u, 0x7FC0)]
    [InlineData(0xFF80_0000u, 0xFF80)]
    public void BFloat16RoundsToNearestEven(uint from, int to)
    {
        byte[] raw = new byte[2];
        TensorConversion.FromFloats(OnnxDataType.BFloat16, [BitConverter.UInt32BitsToSingle(from)], raw);
        Assert.Equal(to, BitConverter.ToUInt16(raw));
    }

    static ProtoWriter Header(OnnxDataType type, params long[] dims) =>
        new ProtoWriter().Varints(1, dims).Varint(2, (int)type).String(8, "t");

    static OnnxTensor Read(ProtoWriter tensor) => OnnxModel.Open(OnnxSamples.WithTensor(tensor)).Graph.Initializers[0];
}
