using System.IO.Compression;
using CsCheck;
using EdgeDropBack.Data;
using EdgeDropBack.Tests.Data;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>An .npz as `--data` and `--input` take it; arrays are changed before they are packed, or the archive's fields after.</summary>
sealed class HostileNpz : HostileKind
{
    static readonly byte[][] s_samples = [Convert.FromBase64String(NumpyFixtures.Npz), Convert.FromBase64String(NumpyFixtures.NpzCompressed)];

    readonly TempFolder _folder = new();

    public HostileNpz() : base("npz", HostileCaps.Arrays)
    {
        byte[][] x = [Npy(NpyArray.From([.. Enumerable.Range(0, 12).Select(i => i * 0.25f)], 3, 2, 2)), Npy(NpyArray.From(new byte[12], 3, 4))];
        byte[][] y = [Npy(NpyArray.From([0L, 2, 1], 3)), Npy(NpyArray.From([0f, 1, 0, 1, 0, 0, 0, 0, 1], 3, 3))];
        var entry = Gen.Select(
            Gen.OneOfConst("", "x", "../x.npy", "a\nb.npy", "x.npy/", "x.npy", new string('n', 3000) + ".npy"), Changed(HostileNpy.Arrays), Gen.Bool);
        Structured = Gen.Select(
            Gen.Select(Gen.Const("x.npy"), Changed(x), Gen.Bool), Gen.Select(Gen.Const("y.npy"), Changed(y), Gen.Bool),
            Gen.Frequency((3, entry.Array[0]), (1, entry.Array[1, 3])), Gen.Int[0, 3], ByteEdit.OfFile, (first, second, more, kind, edit) =>
            {
                var packed = Pack([first, second, .. more]);
                return kind == 0 ? edit(packed) : packed;
            });
    }

    public override IReadOnlyList<byte[]> Samples => s_samples;

    protected override Gen<byte[]> Structured { get; }

    public override void Read(byte[] file)
    {
        var path = _folder.Write("hostile.npz", file);
        var arrays = NpzFile.Read(path);
        foreach (var name in arrays.Names) Assert.True(arrays[name].Bytes.LongLength >= 0);
        DatasetLoader.Open(path, DataTest.Options([2, 2], 3));
    }

    static Gen<byte[]> Changed(byte[][] arrays) => Gen.OneOf(TextEdit.Of(arrays), ByteEdit.Of(arrays), Gen.OneOfConst(arrays));

    static byte[] Npy(NpyArray array)
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, array);
        return stream.ToArray();
    }

    static byte[] Pack(IEnumerable<(string Name, byte[] Array, bool IsCompressed)> entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, array, isCompressed) in entries)
            {
                if (name.Length == 0) continue;
                using var entry = archive.CreateEntry(name, isCompressed ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
                entry.Write(array);
            }
        }
        return stream.ToArray();
    }
}
