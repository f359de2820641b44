using System.IO.Compression;
using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class IdxTests
{
    static readonly byte[] s_images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6];
    static readonly byte[] s_labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 3];

    static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    [Theory]
    [InlineData("t-images-idx3-ubyte", "t-labels-idx1-ubyte", false)]
    [InlineData("t-images-idx3-ubyte.gz", "t-labels-idx1-ubyte", true)]
    [InlineData("t-images.idx3-ubyte", "t-labels.idx1-ubyte.gz", false)]
    public void APairIsFoundFromEitherFileAndFromTheFolder(string images, string labels, bool zipped)
    {
        using var folder = new TempFolder();
        folder.Write(images, zipped ? Gzip(s_images) : s_images);
        folder.Write(labels, labels.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(s_labels) : s_labels);
        foreach (var path in new[] { folder[images], folder[labels], folder.Path })
        {
            var data = DatasetLoader.Open(path, DataTest.Options([1, 2, 3], 10));
            Assert.Equal(2, data.Count);
            Assert.Equal([1, 2, 3], data.SampleShape);
            Assert.Equal([7, 3], data.Labels!);
            Assert.Equal([0f, 0.2f, 0.4f, 0.6f, 0.8f, 1f], DataTest.Sample(data, 0));
        }
    }

    [Fact]
    public void BigEndianTypesRead()
    {
        using var folder = new TempFolder();
        var path = folder.Write("f", [0, 0, 0x0D, 1, 0, 0, 0, 2, 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]);
        Assert.Equal([1f, -2f], IdxFile.Read(path).ReadFloats());
    }

    [Fact]
    public void TruncationAtEveryByteIsRefusedPlainAndGzipped()
    {
        using var folder = new TempFolder();
        foreach (var bytes in new[] { s_images, Gzip(s_images) })
            for (var length = 0; length < bytes.Length; length++)
                Assert.Contains("images", DataTest.Refused(() => IdxFile.Read(folder.Write("images", bytes[..length]))));
    }

    [Fact]
    public void MutatedFilesAreReadOrRefused()
    {
        using var folder = new TempFolder();
        foreach (var source in new[] { s_images, Gzip(s_images) })
            for (var seed = 0; seed < DataTest.Mutations; seed++)
                DataTest.RefusedOrDone(() => IdxFile.Read(folder.Write("images", DataTest.Mutate(source, seed))));
    }

    [Fact]
    public void AHeaderThatPromisesMoreThanDeflateCanHoldIsRefused()
    {
        using var folder = new TempFolder();
        var bytes = Gzip([0, 0, 8, 1, 0x3F, 0xFF, 0xFF, 0xFF, 0]);
        Assert.Contains("truncated", DataTest.Refused(() => IdxFile.Read(folder.Write("images.gz", bytes))));
    }

    [Fact]
    public void AMissingPartnerIsNamed()
    {
        using var folder = new TempFolder();
        var message = DataTest.Refused(
            () => DatasetLoader.Open(folder.Write("t-images-idx3-ubyte", s_images), DataTest.Options([1, 2, 3])));
        Assert.Contains("t-labels-idx1-ubyte", message);
    }
}
