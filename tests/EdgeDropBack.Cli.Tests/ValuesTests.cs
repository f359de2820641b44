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

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    public void TimesAreRead(string text, double seconds) => Assert.Equal(seconds, Values.Time("--deadline")(text)!.Value.TotalSeconds);

    [Theory]
    [InlineData("50%", 0.5)]
    [InlineData("0.25", 0.25)]
    [InlineData("100%", 1)]
    public void SharesAreRead(string text, double share) => Assert.Equal(share, Values.Share("--duty")(text));

    [Theory]
    [InlineData("--deadline", "10")]
    [InlineData("--deadline", "0s")]
    [InlineData("--deadline", "-5m")]
    [InlineData("--deadline", "soon")]
    [InlineData("--duty", "0%")]
    [InlineData("--duty", "101%")]
    [InlineData("--duty", "half")]
    [InlineData("--max-temp", "hot")]
    [InlineData("--max-temp", "500")]
    [InlineData("--checkpoint-every", "0")]
    [InlineData("--checkpoint-every", "5x")]
    public void OtherTimesAndSharesAreWrongUsageByName(string option, string value)
    {
        var run = Edb.Run("personalize", "missing.onnx", "--data", "missing.npz", option, value);
        Assert.Equal(2, run.Code);
        Assert.Contains(option, Assert.Single(run.Error.Trim().Split('\n')));
    }
}
