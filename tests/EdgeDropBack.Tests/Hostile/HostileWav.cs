using CsCheck;
using EdgeDropBack.Data;
using EdgeDropBack.Tests.Data;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>A folder of one recording, in the encodings that are read.</summary>
sealed class HostileWav : HostileKind
{
    readonly TempFolder _folder = new();

    public HostileWav() : base("wav", HostileCaps.Arrays)
    {
        var sound = WavBytes.Chirp(200, 900, 8000, 0.01);
        Samples = [WavBytes.Of(sound, 8000), WavBytes.Of(sound, 44_100, 2, 24, isExtensible: true), WavBytes.Of(sound, 16_000, 1, 64, isFloat: true)];
        Structured = ByteEdit.Of([.. Samples]);
        Directory.CreateDirectory(_folder["one"]);
    }

    public override IReadOnlyList<byte[]> Samples { get; }

    protected override Gen<byte[]> Structured { get; }

    public override void Read(byte[] file)
    {
        _folder.Write(Path.Combine("one", "h.wav"), file);
        DatasetLoader.Open(_folder.Path, DataTest.Options([1, 4, 8], 1) with { Labels = ["one"] });
    }
}
