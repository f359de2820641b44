using EdgeDropBack.Cli.Printing;

namespace EdgeDropBack.Cli.Tests;

public sealed class SheetTests
{
    [Fact]
    public void AFileGetsPlainColumns() => Assert.Equal(
        """
        name  weights
        a           1
        layer     20k

        """, Text(new Sheet("name", ">weights").Row("a", "1").Row("layer", "20k"), width: 110, hasBorders: false));

    [Fact]
    public void ATerminalGetsBorders() => Assert.Equal(
        """
        ╭───────┬─────────╮
        │ name  │ weights │
        ├───────┼─────────┤
        │ a     │       1 │
        │ layer │     20k │
        ╰───────┴─────────╯

        """, Text(new Sheet("name", ">weights").Row("a", "1").Row("layer", "20k"), width: 110, hasBorders: true));

    [Fact]
    public void WithoutHeadingsThereIsNoHeadingRow()
        => Assert.Equal("mode dropback\n", Text(new Sheet("", "").Row("mode", "dropback"), width: 110, hasBorders: false));

    [Fact]
    public void WhatIsTooWideIsWrappedBetweenWordsAndNumbersStayWhole() => Assert.Equal(
        """
        ╭────────────────────┬───────────╮
        │ remark             │         n │
        ├────────────────────┼───────────┤
        │ a remark that is   │ 1,234,567 │
        │ longer than its    │           │
        │ column             │           │
        ╰────────────────────┴───────────╯

        """, Text(new Sheet("remark", ">n").Row("a remark that is longer than its column", "1,234,567"), width: 34, hasBorders: true));

    [Theory]
    [InlineData(20)]
    [InlineData(1)]
    public void AWordLongerThanTheLineIsBroken(int width)
    {
        var text = Text(new Sheet("path").Row(new string('x', 100)), width, hasBorders: true);
        Assert.Equal(100, text.Count(c => c == 'x'));
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= Math.Max(width, 12), line));
    }

    [Fact]
    public void ACellCannotBreakItsLine()
        => Assert.Equal("a b\n", Text(new Sheet("").Row("a\nb"), width: 110, hasBorders: false));

    [Fact]
    public void MoreCellsThanColumnsIsAMistake() => Assert.Throws<ArgumentException>(() => new Sheet("a").Row("1", "2"));

    static string Text(Sheet sheet, int width, bool hasBorders)
    {
        var writer = new StringWriter();
        sheet.Write(new TableOutput(writer, width, hasBorders));
        return writer.ToString();
    }
}
