using CsCheck;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Data;
using EdgeDropBack.Tests.Onnx;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>A model whose weights are in files beside it; the first byte of the changed file says how long its data is.</summary>
sealed class HostileExternalData : HostileKind
{
    readonly TempFolder _folder = new();

    public HostileExternalData() : base("external-data", HostileCaps.ExternalData)
    {
        Structured = Gen.Select(WireEdit.Of([.. Samples.Select(s => s[1..])]), Gen.Byte, (model, length) => (byte[])[length, .. model]);
        File.CreateSymbolicLink(_folder["out.bin"], "/proc/self/maps");
        File.CreateSymbolicLink(_folder["loop.bin"], _folder["loop.bin"]);
        Directory.CreateDirectory(_folder["folder"]);
    }

    public override IReadOnlyList<byte[]> Samples { get; } =
    [
        .. new[] { "w.bin", "out.bin", "loop.bin", "folder", "./w.bin", "folder/../w.bin", "../w.bin", "/dev/zero" }.Select(location => (byte[])[64, .. Model(location)]),
    ];

    protected override Gen<byte[]> Structured { get; }

    public override void Read(byte[] file)
    {
        if (file.Length == 0) return;
        _folder.Write("w.bin", new byte[file[0]]);
        var path = _folder.Write("hostile.onnx", file.AsSpan(1));
        HostileModels.Use(OnnxModel.Open(path), path);
    }

    static byte[] Model(string location)
    {
        ProtoWriter External(string name, long offset, params long[] dims)
        {
            var tensor = new ProtoWriter().Varints(1, dims).Varint(2, 1).String(8, name);
            tensor.Message(13, ProtoMessages.Entry("location", location)).Message(13, ProtoMessages.Entry("offset", $"{offset}"));
            return tensor.Message(13, ProtoMessages.Entry("length", $"{4 * dims.Aggregate((a, b) => a * b)}")).Varint(14, 1);
        }
        var node = new ProtoWriter().String(1, "x").String(1, "w").String(1, "b").String(2, "y").String(4, "Gemm");
        var graph = new ProtoWriter().Message(1, node).String(2, "external").Message(5, External("w", 0, 4, 3)).Message(5, External("b", 48, 3));
        graph.Message(11, ProtoMessages.ValueInfo("x", OnnxDataType.Float, ["N", 4])).Message(12, ProtoMessages.ValueInfo("y", OnnxDataType.Float, ["N", 3]));
        return OnnxSamples.WithGraph(graph);
    }
}
