using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

/// <summary>What is said of samples and files that were not used, and of names that do not fit.</summary>
public sealed class LeftOutTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ASplitWithoutTwoSamplesOfAClassNamesTheDamagedOnes()
    {
        for (var c = 0; c < 2; c++)
        {
            _folder.Write($"{c}/good.png", ImageFolderTests.Draw(c == 0, 200, "png"));
            _folder.Write($"{c}/bad.png", "no image");
        }
        var data = DatasetLoader.Open(_folder.Path, DataTest.Options([3, 8, 8], 2));
        var message = DataTest.Refused(() => DatasetSplit.Split(data, 0.2, 1));
        Assert.Contains("no class has 2 samples (2 in all; 2 that cannot be used were dropped", message);
        Assert.Contains("bad.png", message);
    }

    [Fact]
    public void NotesAndSkippedSamplesAreToldInAFewLines()
    {
        _folder.Write("0/a.png", ImageFolderTests.Draw(true, 200, "png"));
        _folder.Write("1/a.png", ImageFolderTests.Draw(true, 200, "png"));
        _folder.Write("1/readme.txt", "x");
        for (var i = 0; i < 30; i++) _folder.Write($"1/bad{i:00}.heic", [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0]);
        for (var i = 0; i < 3; i++) _folder.Write($"0/short{i}.jpg", ImageFolderTests.Draw(true, 200, "jpg")[..^2]);
        var data = DatasetLoader.Open(_folder.Path, DataTest.Options([3, 8, 8], 2));
        var told = new List<string>();
        data.Tell(told.Add);
        Assert.Contains(told, line => line.Contains("3 images, the first is 0/short0.jpg", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("'1/readme.txt'", StringComparison.Ordinal));
        Assert.Equal(10, told.Count(line => line.Contains("HEIC", StringComparison.Ordinal)));
        Assert.Contains("30 samples skipped in all", told[^1]);
        Assert.Equal(30, data.SkippedLines.Count);
    }

    [Theory]
    [InlineData("cafe\u0301", "caf\u00e9", true)]
    [InlineData("caf\u00e9", "cafe\u0301", true)]
    [InlineData("a\u0323\u0302x", "\u1eadx", true)]
    [InlineData("\u1ea1\u0302", "\u1ead", true)]
    [InlineData("cafe", "caf\u00e9", false)]
    [InlineData("cafes", "cafe\u0301", false)]
    [InlineData("same\u0301", "same\u0301", false)]
    public void NamesThatDifferOnlyInComposedAccentsAreSaidToDoSo(string folder, string label, bool looksAlike)
    {
        Assert.Equal(looksAlike, UnicodeForms.LookAlike(folder, label));
        if (folder == label) return;
        _folder.Write($"{folder}/a.png", ImageFolderTests.Draw(true, 200, "png"));
        var message = DataTest.Refused(() => DatasetLoader.Open(_folder.Path, DataTest.Options([3, 8, 8], 1) with { Labels = [label] }));
        Assert.Equal(looksAlike, message.Contains("NFD", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LabelsAreReadFromAPipe()
    {
        using var pipe = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("mkfifo", [_folder["labels"]]))!;
        await pipe.WaitForExitAsync();
        var writer = Task.Run(() => File.WriteAllText(_folder["labels"], "cat\ndog\n"));
        Assert.Equal(["cat", "dog"], Labels.Read(_folder["labels"]));
        await writer;
        Assert.Contains("empty", DataTest.Refused(() => Labels.Read("/dev/null")));
        Assert.Contains("at most", DataTest.Refused(() => Labels.Read("/dev/zero")));
    }
}
