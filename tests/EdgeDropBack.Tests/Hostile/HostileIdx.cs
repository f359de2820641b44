using System.IO.Compression;
using CsCheck;
using EdgeDropBack.Data;
using EdgeDropBack.Tests.Data;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>IDX images beside sound labels, plain or gzipped; gzipped ones are changed before or after they are packed.</summary>
sealed class HostileIdx : HostileKind
{
    static readonly byte[] s_labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 3];

    readonly TempFolder _folder = new();
    readonly bool _isGzip;

    public HostileIdx(bool isGzip) : base(isGzip ? "idx-gz" : "idx", HostileCaps.Arrays)
    {
        byte[][] plain =
        [
            [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6],
            [0, 0, 0x0D, 2, 0, 0, 0, 2, 0, 0, 0, 6, .. Enumerable.Repeat<byte[]>([0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0], 6).SelectMany(b => b)],
        ];
        _isGzip = isGzip;
        Samples = isGzip ? [.. plain.Select(Gzip)] : plain;
        Structured = isGzip ? ByteEdit.Of(plain).Select(Gzip) : ByteEdit.Of(plain);
    }

    public override IReadOnlyList<byte[]> Samples { get; }

    protected override Gen<byte[]> Structured { get; }

    public override void Read(byte[] file)
    {
        _folder.Write("h-labels-idx1-ubyte", s_labels);
        DatasetLoader.Open(_folder.Write(_isGzip ? "h-images-idx3-ubyte.gz" : "h-images-idx3-ubyte", file), DataTest.Options([2, 3], 10));
    }

    static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
