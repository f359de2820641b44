using System.Text;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Onnx;

public sealed class HostileFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("edb-onnx").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void TruncationAtEveryByteIsRefusedByName()
    {
        byte[] whole = OnnxSamples.Perceptron().ToBytes();
        for (int length = 0; length < whole.Length; length++)
        {
            EdbException e = Assert.Throws<EdbException>(() => OnnxModel.Open(whole.AsMemory(0, length), "cut.onnx"));
            Assert.Equal(3, e.ExitCode);
            Assert.StartsWith("cut.onnx", e.Message);
        }
    }

    [Fact]
    public void MutatedFilesAreReadOrRefused()
    {
        byte[] whole = OnnxSamples.Perceptron().ToBytes();
        ulong state = 1;
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] mutated = [.. whole];
            for (ulong changes = OnnxSamples.Next(ref state) % 4 + 1; changes > 0; changes--)
                mutated[OnnxSamples.Next(ref state) % (ulong)whole.Length] = (byte)OnnxSamples.Next(ref state);
            try
            {
                using OnnxModel model = OnnxModel.Open(mutated, "mutated.onnx");
                foreach (OnnxTensor tensor in model.Graph.Initializers) Assert.Equal(tensor.ByteCount, tensor.Raw.Length);
                OnnxExport.Write(model, new Dictionary<string, ReplacedTensor>(), Stream.Null);
            }
            catch (EdbException e)
            {
                refused++;
                Assert.StartsWith("mutated.onnx", e.Message);
            }
        }

        Assert.InRange(refused, 200, 1999);
    }

    [Fact]
    public void SmallFileThatDeclaresFourGigabytesIsRefused() =>
        Refused(Tensor(OnnxDataType.Float, 1 << 30), "takes more than the 2147483647 bytes");

    [Fact]
    public void ShapeBeyond64BitsIsRefused() =>
        Refused(Tensor(OnnxDataType.Float, 1L << 40, 1L << 40), "more elements than 64 bits can count");

    [Fact]
    public void NegativeDimensionIsRefused() => Refused(Tensor(OnnxDataType.Float, 2, -3), "dimension -3 in [2,-3]");

    [Fact]
    public void DataThatDoesNotFillTheShapeIsRefused()
    {
        Refused(Tensor(OnnxDataType.Float, 1000), "Float[1000] needs 1000 values, float_data has 0");
        Refused(OnnxSamples.WithTensor(Header(OnnxDataType.Float, 2).Bytes(9, new byte[7])), "needs 8 bytes, raw_data has 7");
    }

    [Fact]
    public void UnknownDataTypeIsRefused() => Refused(Tensor((OnnxDataType)77, 1), "type 77 is not a known ONNX data type");

    [Fact]
    public void NameOfAHundredMegabytesIsRefused() =>
        Refused(OnnxSamples.WithGraph(new ProtoWriter().Bytes(2, new byte[100 << 20])), "a name of 104857600 bytes, expected at most");

    [Fact]
    public void LengthBeyondTheFileIsRefused() =>
        Refused([8, 8, 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "a length of 4294967295 bytes where 0 are left");

    [Fact]
    public void LengthOf64BitsIsRefused() =>
        Refused([8, 8, 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], "a length of 18446744073709551615 bytes");

    [Fact]
    public void NumberOfElevenBytesIsRefused() =>
        Refused([8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], "a number longer than 64 bits");

    [Fact]
    public void DeepNestingIsRefused()
    {
        var graph = new OnnxBuilder("innermost");
        for (int i = 0; i < 30; i++)
        {
            var outer = new OnnxBuilder("outer");
            outer.Node("If", ["c"], ["y"]).Graph("then_branch", graph);
            graph = outer;
        }

        Refused(graph.ToBytes(), "nested deeper than 64");
    }

    [Fact]
    public void DuplicatesAreRefused()
    {
        ProtoWriter tensor = ProtoMessages.Tensor("t", [1f], [1]);
        Refused(OnnxSamples.WithGraph(new ProtoWriter().Message(5, tensor).Message(5, tensor)), "initializer \"t\" is there twice");
        var b = new OnnxBuilder();
        b.Node("Relu", ["x"], ["y"]).Int("a", 1).Int("a", 2);
        Refused(b.ToBytes(), "attribute \"a\" twice");
        Refused(OnnxSamples.Perceptron().Opset("", 12).ToBytes(), "in versions 17 and 12");
    }

    [Fact]
    public void NameThatIsNotUtf8IsRefused() => Refused(OnnxSamples.WithGraph(new ProtoWriter().Bytes(2, [0xFF, 0xFE])), "not UTF-8");

    [Fact]
    public void ErrorCarriesTheOffset()
    {
        byte[] bytes = OnnxSamples.WithGraph(new ProtoWriter().String(2, "g").Varint(5, 1));
        Refused(bytes, $"at byte {bytes.Length - 2}: wire type Varint, expected Bytes");
    }

    [Theory]
    [InlineData("PK\u0003\u0004abcdefgh", "torch.onnx.export")]
    [InlineData("<!DOCTYPE html><html></html>", "web page")]
    [InlineData("  <HTML>", "web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull")]
    [InlineData("\u001c\0\0\0TFL3xxxxxxxx", "TensorFlow Lite")]
    [InlineData("GGUF\u0003\0\0\0", "GGUF")]
    [InlineData("{\"a\": 1}", "JSON")]
    public void OtherFormatsAreNamed(string content, string hint) => Refused(Encoding.Latin1.GetBytes(content), hint);

    [Fact]
    public void BinaryFormatsAreNamed()
    {
        Refused([0x80, 2, 0x8A, 10, 1, 2, 3], "Python pickle");
        Refused([0x1F, 0x8B, 8, 0, 0, 0], "gzip");
        Refused([0x40, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'"', (byte)'a'], "safetensors");
        Refused([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "HDF5");
        Refused([1, 2, 3, 4], "at byte 0");
    }

    [Fact]
    public void MissingEmptyAndFolderAreRefusedByName()
    {
        string missing = Path.Combine(_folder, "none.onnx");
        Assert.Contains("no such model file", Assert.Throws<EdbException>(() => OnnxModel.Open(missing)).Message);
        Assert.Contains("is a folder", Assert.Throws<EdbException>(() => OnnxModel.Open(_folder)).Message);
        string empty = Path.Combine(_folder, "empty.onnx");
        File.WriteAllBytes(empty, []);
        Assert.Contains("empty", Assert.Throws<EdbException>(() => OnnxModel.Open(empty)).Message);
    }

    [SkippableFact]
    public void PipeIsRefusedWithoutWaitingForAWriter()
    {
        Skip.If(OperatingSystem.IsWindows(), "named pipes are not files there");
        string pipe = Path.Combine(_folder, "pipe.onnx");
        using (var make = System.Diagnostics.Process.Start("mkfifo", pipe)) make.WaitForExit();
        Assert.Contains("not a regular file", Assert.Throws<EdbException>(() => OnnxModel.Open(pipe)).Message);
        string link = Path.Combine(_folder, "link.onnx");
        File.CreateSymbolicLink(link, pipe);
        Assert.Contains("not a regular file", Assert.Throws<EdbException>(() => OnnxModel.Open(link)).Message);
    }

    static ProtoWriter Header(OnnxDataType type, params long[] dims) =>
        new ProtoWriter().Varints(1, dims).Varint(2, (int)type).String(8, "t");

    static byte[] Tensor(OnnxDataType type, params long[] dims) => OnnxSamples.WithTensor(Header(type, dims));

    static void Refused(byte[] bytes, string expected)
    {
        EdbException e = Assert.Throws<EdbException>(() => OnnxModel.Open(bytes, "hostile.onnx"));
        Assert.Equal(3, e.ExitCode);
        Assert.StartsWith("hostile.onnx", e.Message);
        Assert.Contains(expected, e.Message);
    }
}
