using CsCheck;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>A text file: words, or names and values of JSON, are changed.</summary>
sealed class HostileText(string name, bool isJson, IReadOnlyList<byte[]> samples, Action<byte[]> read) : HostileKind(name, HostileCaps.Text)
{
    public override IReadOnlyList<byte[]> Samples => samples;

    protected override Gen<byte[]> Structured { get; } = isJson ? TextEdit.OfJson(samples) : TextEdit.Of(samples);

    public override void Read(byte[] file) => read(file);
}
