using EdgeDropBack.Data;
using StbImageWriteSharp;

namespace EdgeDropBack.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    const int Side = 16;

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A filled square or disc on black, in the format that the extension names.</summary>
    internal static byte[] Draw(bool disc, byte red, string extension)
    {
        var pixels = new byte[Side * Side * 3];
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
                if (disc ? (x - 8) * (x - 8) + (y - 8) * (y - 8) < 36 : x is >= 4 and < 12 && y is >= 4 and < 12)
                    pixels[(y * Side + x) * 3] = red;
        var stream = new MemoryStream();
        var writer = new ImageWriter();
        switch (extension)
        {
            case "png":
                writer.WritePng(pixels, Side, Side, ColorComponents.RedGreenBlue, stream);
                break;
            case "bmp":
                writer.WriteBmp(pixels, Side, Side, ColorComponents.RedGreenBlue, stream);
                break;
            case "tga":
                writer.WriteTga(pixels, Side, Side, ColorComponents.RedGreenBlue, stream);
                break;
            default:
                writer.WriteJpg(pixels, Side, Side, ColorComponents.RedGreenBlue, stream, 90);
                break;
        }
        return stream.ToArray();
    }

    void TwoClasses(string first = "0", string second = "1")
    {
        foreach (var extension in new[] { "png", "bmp", "tga", "jpg" })
        {
            _folder.Write($"{first}/square.{extension}", Draw(false, 255, extension));
            _folder.Write($"{second}/disc.{extension}", Draw(true, 255, extension));
        }
    }

    [Fact]
    public void EveryFormatDecodesToTheSamePicture()
    {
        TwoClasses();
        var data = DatasetLoader.Open(_folder.Path, DataTest.Options([3, Side, Side], 2));
        Assert.Equal(8, data.Count);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], data.Labels!);
        Assert.Equal(["0", "1"], data.ClassNames);
        for (var i = 0; i < 4; i++)
        {
            var values = DataTest.Sample(data, i);
            Assert.InRange(values[8 * Side + 8], 0.9f, 1f);
            Assert.InRange(values[0], 0f, 0.1f);
            Assert.InRange(values[Side * Side + 8 * Side + 8], 0f, 0.1f);
        }
        Assert.Equal(8L * 3 * Side * Side + 4 * 8, data.ResidentBytes);
    }

    [Fact]
    public void ImagesAreStretchedToTheModelsSizeAndChannels()
    {
        TwoClasses();
        var data = DatasetLoader.Open(_folder.Path, DataTest.Options([8, 4, 1], 2));
        Assert.Equal([8, 4, 1], data.SampleShape);
        Assert.Equal(77 / 255f * 0.875f, DataTest.Sample(data, 3)[4 * 4 + 2], 0.02f);
        Assert.Equal(64, DatasetLoader.Open(_folder.Path, DataTest.Options([64], 2)).SampleLength);
    }

    [Fact]
    public void OneTruncatedImageIsNamedSkippedAndCounted()
    {
        TwoClasses();
        foreach (var extension in new[] { "png", "bmp", "tga", "jpg" })
        {
            var whole = Draw(true, 200, extension);
            for (var cut = 1; cut < whole.Length - (extension switch { "tga" => 26, "jpg" => 6, _ => 0 }); cut += whole.Length / 7)
            {
                var path = _folder.Write($"1/broken.{extension}", whole[..cut]);
                var data = DatasetLoader.Open(_folder.Path, DataTest.Options([3, Side, Side], 2));
                Assert.Equal(8, data.Count);
                Assert.Equal(Path.Combine("1", $"broken.{extension}"), data.Skipped.Single().Name);
                File.Delete(path);
            }
        }
    }

    [Fact]
    public void MutatedImagesAreReadOrSkipped()
    {
        foreach (var extension in new[] { "png", "bmp", "tga", "jpg" })
        {
            var source = Draw(true, 200, extension);
            for (var seed = 0; seed < DataTest.Mutations; seed++)
                if (ImageDecoder.Decode(DataTest.Mutate(source, seed), extension == "tga", out var image) is null)
                    Assert.Equal(image.Pixels.Length, image.Height * image.Width * image.Channels);
        }
    }

    [Fact]
    public void FoldersThatAreNotLabelsAreRefusedByNameWithBothWaysOut()
    {
        TwoClasses("cat", "dgo");
        var message = DataTest.Refused(
            () => DatasetLoader.Open(_folder.Path, DataTest.Options([3, 8, 8], 3) with { Labels = ["bird", "cat", "dog"] }));
        Assert.Contains("'dgo'", message);
        Assert.DoesNotContain("folders 'cat'", message);
        Assert.Contains("(did you mean 'dog'?); rename the folders to match the labels, or personalize with --new-head, which trains a new last layer", message);
        var unlabelled = DataTest.Refused(() => DatasetLoader.Open(_folder.Path, DataTest.Options([3, 8, 8], 2)));
        Assert.Contains("--labels FILE", unlabelled);
        Assert.Contains("--new-head", unlabelled);
    }

    [Fact]
    public void LabelsMayBeMoreThanTheFoldersAndANewHeadTakesTheFolders()
    {
        TwoClasses("cat", "dog");
        var named = DatasetLoader.Open(_folder.Path, DataTest.Options([3, 8, 8], 3) with { Labels = ["dog", "bird", "cat"] });
        Assert.Equal([2, 2, 2, 2, 0, 0, 0, 0], named.Labels!);
        Assert.Equal(3, named.ClassCount);
        var head = DatasetLoader.Open(_folder.Path, DataTest.Options([3, 8, 8], 10) with { NewHead = true });
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], head.Labels!);
        Assert.Equal(["cat", "dog"], head.ClassNames);
        Assert.Equal(2, head.ClassCount);
        Assert.Contains("2 classes, the model has 3", DataTest.Refused(
            () => DatasetLoader.Open(_folder.Path, DataTest.Options([3, 8, 8], 3) with { Labels = ["cat", "dog"] })));
    }

    [Fact]
    public void NumbersAreOrderedByNumber()
    {
        for (var i = 0; i < 11; i++)
            _folder.Write($"{i}/a.png", Draw(false, (byte)(i * 20), "png"));
        var data = DatasetLoader.Open(_folder.Path, DataTest.Options([3, Side, Side], 11));
        for (var i = 0; i < 11; i++)
            Assert.Equal(data.Labels![i] * 20 / 255f, DataTest.Sample(data, i)[8 * Side + 8]);
    }

    [Fact]
    public void OtherFilesAreIgnoredWithTheirCount()
    {
        TwoClasses();
        _folder.Write("0/readme.txt", "x");
        _folder.Write("0/.DS_Store", "x");
        _folder.Write("1/deep/more.png", Draw(true, 9, "png"));
        Directory.CreateSymbolicLink(_folder["1/loop"], _folder.Path);
        var data = DatasetLoader.Open(_folder.Path, DataTest.Options([3, 8, 8], 2));
        Assert.Equal(9, data.Count);
        Assert.Contains("2 files or folders", data.Notes.Single());
    }

    [Fact]
    public void EmptyFoldersAreRefusedWithTheWayOut()
    {
        var options = DataTest.Options([3, 8, 8], 2);
        Assert.Contains("one subfolder a class", DataTest.Refused(() => DatasetLoader.Open(_folder.Path, options)));
        _folder.Write("loose.png", Draw(true, 9, "png"));
        Assert.Contains("1 images but no class folders", DataTest.Refused(() => DatasetLoader.Open(_folder.Path, options)));
        TwoClasses();
        Directory.CreateDirectory(_folder["2"]);
        Assert.Contains("folder '2' has no images", DataTest.Refused(() => DatasetLoader.Open(_folder.Path, options)));
        _folder.Write("2/bad.png", "no image");
        Assert.Contains("none of the 1 images in folder '2'", DataTest.Refused(
            () => DatasetLoader.Open(_folder.Path, DataTest.Options([3, 8, 8], 3))));
    }

    [Fact]
    public void ImagesBeyondTheMemoryLimitAreRefusedBeforeDecoding()
    {
        TwoClasses();
        var message = DataTest.Refused(() => DatasetLoader.Open(_folder.Path, DataTest.Options([3, 64, 64], 2) with { MaxBytes = 1000 }));
        Assert.Contains("8 images of 12288 bytes need 98304 bytes", message);
    }

    [Fact]
    public void APictureOfTooManyPixelsIsSkipped()
    {
        var bytes = Draw(true, 9, "bmp");
        BitConverter.TryWriteBytes(bytes.AsSpan(18), 30_000);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), 30_000);
        Assert.Contains("30000x30000", ImageDecoder.Decode(bytes, false, out _));
    }

    [Fact]
    public void TheFirstFrameOfAGifIsRead()
    {
        var gif = Convert.FromBase64String("R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==");
        Assert.Null(ImageDecoder.Decode(gif, false, out var image));
        Assert.Equal([255, 0, 0], PixelFormat.Convert(image.Pixels, image.Channels, 3));
        for (var cut = 0; cut < gif.Length - 2; cut++)
            Assert.NotNull(ImageDecoder.Decode(gif[..cut], false, out _));
        for (var seed = 0; seed < DataTest.Mutations; seed++)
            ImageDecoder.Decode(DataTest.Mutate(gif, seed), false, out _);
    }
}
