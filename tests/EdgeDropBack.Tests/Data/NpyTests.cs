using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class NpyTests
{
    static NpyArray ReadBytes(byte[] bytes) => NpyReader.Read(new MemoryStream(bytes), "a.npy", bytes.Length, DataLimits.MaxArrayBytes);

    [Theory]
    [InlineData(NumpyFixtures.Float32, NpyType.Float32, 0.25f, false)]
    [InlineData(NumpyFixtures.Float64, NpyType.Float64, 0.25f, false)]
    [InlineData(NumpyFixtures.Float16, NpyType.Float16, 0.25f, false)]
    [InlineData(NumpyFixtures.UInt8, NpyType.UInt8, 1f, false)]
    [InlineData(NumpyFixtures.UInt16, NpyType.UInt16, 1f, false)]
    [InlineData(NumpyFixtures.UInt32, NpyType.UInt32, 1f, false)]
    [InlineData(NumpyFixtures.UInt64, NpyType.UInt64, 1f, false)]
    [InlineData(NumpyFixtures.Int8, NpyType.Int8, 1f, true)]
    [InlineData(NumpyFixtures.Int16, NpyType.Int16, 1f, true)]
    [InlineData(NumpyFixtures.Int32, NpyType.Int32, 1f, true)]
    [InlineData(NumpyFixtures.Int64, NpyType.Int64, 1f, true)]
    [InlineData(NumpyFixtures.BigEndian, NpyType.Float32, 0.25f, false)]
    public void NumpyArraysReadAsTheirValues(string file, Enum dataType, float step, bool signed)
    {
        var type = (NpyType)dataType;
        var array = ReadBytes(Convert.FromBase64String(file));
        Assert.Equal(type, array.Type);
        Assert.Equal([2, 3], array.Shape);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (i - (signed ? 3 : 0)) * step), array.ReadFloats());
    }

    [Fact]
    public void BoolScalarEmptyAndFortranOrderRead()
    {
        Assert.Equal([1, 0, 1, 0, 1, 0], ReadBytes(Convert.FromBase64String(NumpyFixtures.Bool)).ReadInt64s("b"));
        var scalar = ReadBytes(Convert.FromBase64String(NumpyFixtures.Scalar));
        Assert.Empty(scalar.Shape);
        Assert.Equal([2.5f], scalar.ReadFloats());
        Assert.Equal([0, 4], ReadBytes(Convert.FromBase64String(NumpyFixtures.Empty)).Shape);
        var fortran = ReadBytes(Convert.FromBase64String(NumpyFixtures.Fortran));
        Assert.Equal([2, 3, 4], fortran.Shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i / 4f), fortran.ReadFloats());
    }

    [Theory]
    [InlineData(NumpyFixtures.Float32)]
    [InlineData(NumpyFixtures.Float64)]
    [InlineData(NumpyFixtures.UInt8)]
    [InlineData(NumpyFixtures.Int64)]
    [InlineData(NumpyFixtures.Vector)]
    [InlineData(NumpyFixtures.Scalar)]
    [InlineData(NumpyFixtures.Empty)]
    public void WriterGivesTheBytesOfNumpy(string file)
    {
        var expected = Convert.FromBase64String(file);
        var written = new MemoryStream();
        NpyWriter.Write(written, ReadBytes(expected));
        Assert.Equal(expected, written.ToArray());
    }

    [Theory]
    [InlineData(NumpyFixtures.Objects, "pickled")]
    [InlineData(NumpyFixtures.Strings, "'<U1'")]
    [InlineData(NumpyFixtures.Structured, "structured")]
    [InlineData(NumpyFixtures.Complex, "'<c8'")]
    public void ArraysThatHoldNoNumbersAreRefusedWithTheWayOut(string file, string says) =>
        Assert.Contains(says, DataTest.Refused(() => ReadBytes(Convert.FromBase64String(file))));

    [Fact]
    public void TruncationAtEveryByteIsRefusedByName()
    {
        foreach (var file in new[] { NumpyFixtures.Float32, NumpyFixtures.Fortran, NumpyFixtures.BigEndian })
        {
            var bytes = Convert.FromBase64String(file);
            for (var length = 0; length < bytes.Length; length++)
                Assert.Contains("a.npy", DataTest.Refused(() => ReadBytes(bytes[..length])));
        }
        Assert.Contains("more bytes follow", DataTest.Refused(() => ReadBytes([.. Convert.FromBase64String(NumpyFixtures.Float32), 0])));
    }

    [Fact]
    public void MutatedFilesAreReadOrRefused()
    {
        var source = Convert.FromBase64String(NumpyFixtures.Fortran);
        var refused = 0;
        for (var seed = 0; seed < DataTest.Mutations; seed++)
            refused += DataTest.RefusedOrDone(() => ReadBytes(DataTest.Mutate(source, seed)).ReadFloats()) ? 1 : 0;
        Assert.InRange(refused, DataTest.Mutations / 4, DataTest.Mutations - 1);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "longer than")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647, 9), }", "larger than any file")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,), }", "the limit is")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000,), }", "truncated")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "malformed")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "malformed")]
    [InlineData("{'descr': '<f4', 'shape': (1,), 'shape': (1,), 'fortran_order': False}", "malformed")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': ()}", "malformed")]
    [InlineData("", "malformed")]
    public void ImpossibleHeadersAreRefusedBeforeAnythingIsAllocated(string header, string says)
    {
        byte[] bytes = [0x93, .. "NUMPY\u0001\0"u8, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header)];
        Assert.Contains(says, DataTest.Refused(() => ReadBytes(bytes)));
    }

    [Fact]
    public void FractionsAreNoIntegers() =>
        Assert.Contains("element 1", DataTest.Refused(() => NpyArray.From([0f, 0.5f], 2).ReadInt64s("y")));
}
