using System.Runtime.InteropServices;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Onnx;

public sealed class ExternalDataTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("edb-onnx").FullName;
    readonly string _models;

    public ExternalDataTests()
    {
        _models = Path.Combine(_folder, "models");
        Directory.CreateDirectory(Path.Combine(_models, "sub"));
        foreach (string name in new[] { "models/w.bin", "models/sub/w.bin", "secret.bin" })
            File.WriteAllBytes(Path.Combine(_folder, name), MemoryMarshal.AsBytes<float>([9, 1, 2, 3]));
    }

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData("w.bin")]
    [InlineData("sub/w.bin")]
    [InlineData("./sub/w.bin")]
    public void DataBesideTheModelIsMapped(string location)
    {
        using OnnxModel model = Open(location, "4", "12");
        OnnxTensor tensor = model.Graph.Initializers[0];
        Assert.True(tensor.IsMapped);
        Assert.NotNull(tensor.ExternalFile);
        Assert.Equal([1f, 2, 3], tensor.ReadFloats());
        Assert.Single(model.ExternalFiles);
        Assert.NotEqual(model.Sha256, OnnxModel.Open(OnnxSamples.Perceptron().ToBytes()).Sha256);
    }

    [Fact]
    public void OffsetAndLengthMayBeAbsent()
    {
        using OnnxModel model = Open("w.bin", null, null);
        Assert.Equal([9f, 1, 2], model.Graph.Initializers[0].ReadFloats());
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("sub/../../secret.bin")]
    [InlineData("sub\\..\\..\\secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\secret.bin")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void LocationOutsideTheFolderIsRefused(string location) =>
        Refused(location, null, null, "expected a relative path inside the model's folder");

    [Fact]
    public void LinkThatLeadsOutIsRefused()
    {
        File.CreateSymbolicLink(Path.Combine(_models, "link.bin"), "../secret.bin");
        Directory.CreateSymbolicLink(Path.Combine(_models, "up"), _folder);
        File.CreateSymbolicLink(Path.Combine(_models, "circle"), "circle");
        Refused("link.bin", null, null, "leads out of the model's folder");
        Refused("up/secret.bin", null, null, "leads out of the model's folder");
        Refused("circle", null, null, "circle");
    }

    [Fact]
    public void DownloadCacheOfLinksIsRead()
    {
        string cache = Path.Combine(_folder, "cache");
        Directory.CreateDirectory(cache);
        Write("w.bin", "4", "12");
        File.CreateSymbolicLink(Path.Combine(cache, "m.onnx"), "../models/m.onnx");
        File.CreateSymbolicLink(Path.Combine(cache, "w.bin"), "../models/w.bin");
        using OnnxModel model = OnnxModel.Open(Path.Combine(cache, "m.onnx"));
        Assert.Equal([1f, 2, 3], model.Graph.Initializers[0].ReadFloats());
    }

    [Fact]
    public void RangeOutsideTheFileIsRefused()
    {
        Refused("w.bin", "8", "12", "external data at bytes 8 to 20");
        Refused("w.bin", "9223372036854775807", "12", "which has 16");
        Refused("w.bin", "-4", "12", "external data offset \"-4\"");
        Refused("w.bin", "0", "16", "needs 12 bytes, external data has length 16");
        Refused("none.bin", null, null, "no such external data");
    }

    [Fact]
    public void ModelFromMemoryHasNoFolder()
    {
        string path = Write("w.bin", null, null);
        Assert.Contains("opened from memory", Assert.Throws<EdbException>(() => OnnxModel.Open(File.ReadAllBytes(path))).Message);
    }

    [Fact]
    public void ExportTakesExternalDataIn()
    {
        using OnnxModel model = Open("w.bin", "4", "12");
        using var stream = new MemoryStream();
        OnnxExport.Write(model, new Dictionary<string, ReplacedTensor>(), stream);
        using OnnxModel alone = OnnxModel.Open(stream.ToArray());
        Assert.Equal([1f, 2, 3], alone.Graph.Initializers[0].ReadFloats());
        Assert.Empty(alone.ExternalFiles);
    }

    void Refused(string location, string? offset, string? length, string expected)
    {
        EdbException e = Assert.Throws<EdbException>(() => Open(location, offset, length));
        Assert.Equal(3, e.ExitCode);
        Assert.Contains(expected, e.Message);
        Assert.Contains("\"t\"", e.Message);
    }

    OnnxModel Open(string location, string? offset, string? length) => OnnxModel.Open(Write(location, offset, length));

    string Write(string location, string? offset, string? length)
    {
        ProtoWriter tensor = new ProtoWriter().Varint(1, 3).Varint(2, 1).String(8, "t");
        tensor.Message(13, ProtoMessages.Entry("location", location));
        if (offset is not null) tensor.Message(13, ProtoMessages.Entry("offset", offset));
        if (length is not null) tensor.Message(13, ProtoMessages.Entry("length", length));
        string path = Path.Combine(_models, "m.onnx");
        File.WriteAllBytes(path, OnnxSamples.WithTensor(tensor.Varint(14, 1)));
        return path;
    }
}
