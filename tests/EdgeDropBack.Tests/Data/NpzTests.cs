using System.IO.Compression;
using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class NpzTests
{
    [Theory]
    [InlineData(NumpyFixtures.Npz)]
    [InlineData(NumpyFixtures.NpzCompressed)]
    public void NumpyFilesRead(string file)
    {
        using var folder = new TempFolder();
        var npz = NpzFile.Read(folder.Write("d.npz", Convert.FromBase64String(file)));
        Assert.Equal(["x", "y"], npz.Names);
        Assert.Equal([3, 2, 2], npz["x"].Shape);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i / 8f), npz["x"].ReadFloats());
        Assert.Equal([0, 2, 1], npz["y"].ReadInt64s("y"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WrittenFilesReadBackAndAreTheSameBytesEachTime(bool deflate)
    {
        using var folder = new TempFolder();
        (string, NpyArray)[] arrays =
        [
            ("conv1.weight", NpyArray.From([1f, -2f, 3.5f, 0f], 2, 2)), ("labels", NpyArray.From([4L, 5L], 2)),
            ("bytes", NpyArray.From([(byte)7], 1)), ("wide", NpyArray.From([0.1], 1)),
        ];
        NpzWriter.Write(folder["a.npz"], arrays, deflate);
        NpzWriter.Write(folder["b.npz"], arrays, deflate);
        Assert.Equal(File.ReadAllBytes(folder["a.npz"]), File.ReadAllBytes(folder["b.npz"]));
        var back = NpzFile.Read(folder["a.npz"]);
        Assert.Equal(arrays.Select(a => a.Item1), back.Names);
        foreach (var (name, array) in arrays)
        {
            Assert.Equal(array.Shape, back[name].Shape);
            Assert.Equal(array.Type, back[name].Type);
            Assert.Equal(array.Bytes, back[name].Bytes);
        }
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Theory]
    [InlineData(NumpyFixtures.Npz)]
    [InlineData(NumpyFixtures.NpzCompressed)]
    public void TruncationAtEveryByteIsRefused(string file)
    {
        using var folder = new TempFolder();
        var bytes = Convert.FromBase64String(file);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Contains("d.npz", DataTest.Refused(() => NpzFile.Read(folder.Write("d.npz", bytes[..length]))));
    }

    [Theory]
    [InlineData(NumpyFixtures.Npz)]
    [InlineData(NumpyFixtures.NpzCompressed)]
    public void MutatedFilesAreReadOrRefused(string file)
    {
        using var folder = new TempFolder();
        var source = Convert.FromBase64String(file);
        for (var seed = 0; seed < DataTest.Mutations; seed++)
            DataTest.RefusedOrDone(() => NpzFile.Read(folder.Write("d.npz", DataTest.Mutate(source, seed))));
    }

    [Fact]
    public void AFlippedBitInTheDataIsAChecksumError()
    {
        using var folder = new TempFolder();
        var bytes = Convert.FromBase64String(NumpyFixtures.Npz);
        bytes[190] ^= 1;
        Assert.Contains("checksum", DataTest.Refused(() => NpzFile.Read(folder.Write("d.npz", bytes))));
    }

    [Fact]
    public void ABombIsRefusedBeforeItExpands()
    {
        using var folder = new TempFolder();
        using (var stream = File.Create(folder["bomb.npz"]))
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("x.npy", CompressionLevel.Optimal).Open())
        {
            NpyWriter.Write(entry, new NpyArray(NpyType.UInt8, [32 << 20], new byte[32 << 20]));
        }
        Assert.InRange(new FileInfo(folder["bomb.npz"]).Length, 1, 100_000);
        Assert.Contains("the limit is", DataTest.Refused(() => NpzFile.Read(folder["bomb.npz"], 1 << 20)));
    }

    [Fact]
    public void MissingArraysAreNamedWithWhatIsThere()
    {
        using var folder = new TempFolder();
        NpzWriter.Write(folder["d.npz"], [("x_train", NpyArray.From([1f], 1))]);
        var message = DataTest.Refused(() => DatasetLoader.Open(folder["d.npz"], DataTest.Options([1])));
        Assert.Contains("'x_train'", message);
        Assert.Contains("numpy.savez", message);
    }
}
