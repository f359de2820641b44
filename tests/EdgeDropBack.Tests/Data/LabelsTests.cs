using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class LabelsTests
{
    [Theory]
    [InlineData("cat\ndog\n")]
    [InlineData("\uFEFFcat\r\n dog \r\n\r\n")]
    [InlineData("cat\ndog")]
    public void NamesReadInOrder(string text)
    {
        using var folder = new TempFolder();
        Assert.Equal(["cat", "dog"], Labels.Read(folder.Write("l.txt", text)));
    }

    [Theory]
    [InlineData("cat\ndog\ncat\n", "line 3 repeats 'cat'")]
    [InlineData("cat\n\ndog\n", "line 2 is empty")]
    [InlineData("\n", "line 1 is empty")]
    [InlineData("", "the file is empty")]
    public void RepeatsAndGapsAreRefused(string text, string says)
    {
        using var folder = new TempFolder();
        Assert.Contains(says, DataTest.Refused(() => Labels.Read(folder.Write("l.txt", text))));
    }

    [Fact]
    public void BinaryAndOversizedFilesAreRefused()
    {
        using var folder = new TempFolder();
        Assert.Contains("UTF-8", DataTest.Refused(() => Labels.Read(folder.Write("l.txt", [0x63, 0xFF]))));
        Assert.Contains("at most", DataTest.Refused(() => Labels.Read(folder.Write("l.txt", new byte[DataLimits.MaxLabelsFileBytes + 1]))));
        Assert.DoesNotContain('\n', DataTest.Refused(() => Labels.Read(folder["no\nfile"])));
    }
}
