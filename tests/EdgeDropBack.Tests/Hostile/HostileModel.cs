using CsCheck;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Data;

namespace EdgeDropBack.Tests.Hostile;

sealed class HostileModel() : HostileKind("model", HostileCaps.Model)
{
    readonly TempFolder _folder = new();

    public override IReadOnlyList<byte[]> Samples => HostileModels.Samples;

    protected override Gen<byte[]> Structured { get; } = WireEdit.Of(HostileModels.Samples);

    public override void Read(byte[] file)
        => HostileModels.Use(OnnxModel.Open(file, "hostile.onnx"), _folder.Write("hostile.onnx", file));
}
