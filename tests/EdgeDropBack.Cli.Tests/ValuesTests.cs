namespace EdgeDropBack.Cli.Tests;

public sealed class ValuesTests
{
    [Theory]
    [InlineData("64MB", 64_000_000L)]
    [InlineData("1.5 GiB", 1_610_612_736L)]
    [InlineData("4096", 4096L)]
    [InlineData("100B", 100L)]
    [InlineData("512kb", 512_000L)]
    public void SizesAreRead(string text, long bytes) => Assert.Equal(bytes, Values.Bytes("--memory-limit")(text));

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1MB")]
    [InlineData("64XB")]
    public void OtherSizesAreWrongUsageByName(string text)
    {
        var e = Assert.Throws<EdbException>(() => Values.Bytes("--memory-limit")(text));
        Assert.Equal(2, e.ExitCode);
        Assert.StartsWith("--memory-limit", e.Message);
    }
}
