using EdgeDropBack.Cli.Printing;

namespace EdgeDropBack.Cli.Tests;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.00 KB")]
    [InlineData(14_321, "14.3 KB")]
    [InlineData(999_600, "1.00 MB")]
    [InlineData(470_524, "471 KB")]
    public void BytesAreShort(long bytes, string text) => Assert.Equal(text, Figures.Bytes(bytes));

    [Fact]
    public void EnergyTakesTheUnitOfItsUpperBound() => Assert.Equal("0.41 to 1.20 mJ", Figures.Energy(new(0.00041, 0.0008, 0.0012)));

    [Fact]
    public void ChangesHaveASign() => Assert.Equal(("+52.3", "-3.5"), (Figures.Change(0.308, 0.831), Figures.Change(0.915, 0.88)));
}
