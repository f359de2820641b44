using System.Buffers.Binary;
using CsCheck;
using EdgeDropBack.Data;
using EdgeDropBack.Tests.Data;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>PNG, BMP, TGA, JPEG and GIF; the last byte says which extension the file has. PNG chunks get right checksums again.</summary>
sealed class HostileImage : HostileKind
{
    static readonly string[] s_extensions = ["png", "bmp", "tga", "jpg", "gif"];

    static readonly byte[][] s_samples =
    [
        .. s_extensions[..4].Select((extension, i) => (byte[])[.. ImageFolderTests.Draw(true, 200, extension), (byte)i]),
        [.. Convert.FromBase64String("R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="), 4],
    ];

    readonly TempFolder _folder = new();

    public HostileImage() : base("image", HostileCaps.Image)
    {
        for (var c = 0; c < 2; c++) _folder.Write($"data/{c}/sound.png", ImageFolderTests.Draw(c == 0, 200, "png"));
        Structured = Gen.Select(Gen.Int[0, s_samples.Length - 1], Edits.Few(ByteEdit.OfFile), (sample, edits) =>
        {
            var changed = edits.Aggregate(s_samples[sample][..^1], (file, edit) => edit(file));
            SealPng(changed);
            return (byte[])[.. changed, s_samples[sample][^1]];
        });
    }

    public override IReadOnlyList<byte[]> Samples => s_samples;

    protected override Gen<byte[]> Structured { get; }

    public override void Read(byte[] file)
    {
        if (file.Length == 0) return;
        var extension = s_extensions[file[^1] % s_extensions.Length];
        var path = _folder.Write($"data/0/hostile.{extension}", file.AsSpan(0, file.Length - 1));
        try
        {
            if (ImageDecoder.Decode(path, out var image) is { } reason) throw EdbException.Refused($"{path}: {reason}");
            Assert.Equal(image.Pixels.LongLength, (long)image.Height * image.Width * image.Channels);
            DatasetLoader.Open(_folder["data"], DataTest.Options([3, 8, 8], 2));
        }
        finally
        {
            File.Delete(path);
        }
    }

    static void SealPng(byte[] file)
    {
        const int Signature = 8, Overhead = 12;
        if (file.Length < Signature || !file.AsSpan(1).StartsWith("PNG"u8)) return;
        for (long at = Signature; at <= file.Length - Overhead;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            if (length > file.Length - at - Overhead) return;
            var crc = Crc32.Append(0, file.AsSpan((int)at + 4, (int)length + 4));
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan((int)(at + 8 + length)), crc);
            at += length + Overhead;
        }
    }
}
