using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Tests;

public sealed class ProgressBarTests
{
    readonly StringWriter _terminal = new();
    long _now;

    [Fact]
    public void TheLineIsDrawnInPlaceWithShareTimeAndLoss()
    {
        using var bar = Bar();
        bar.Show(At(step: 0));
        _now = 61_000;
        bar.Show(At(step: 50));
        Assert.Equal("\r\e[K━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌  50% 1:01 left  training: loss 0.500, churn 2.0%", LastDrawn());
        Assert.DoesNotContain('\n', _terminal.ToString());
    }

    [Fact]
    public void ItIsNotDrawnMoreOftenThanAnEyeSeesButAlwaysAtTheEnd()
    {
        using var bar = Bar();
        for (var step = 0; step < 100; step++) bar.Show(At(step));
        Assert.Equal(1, Drawn());
        bar.Show(At(step: 100));
        Assert.Equal(2, Drawn());
        Assert.Contains("100%", LastDrawn());
    }

    [Fact]
    public void AMessageScrollsAboveTheBar()
    {
        using var bar = Bar();
        bar.Show(At(step: 10));
        bar.Log("skipped a.png:\nno image");
        Assert.Contains("\r\e[Kskipped a.png: no image" + Environment.NewLine, _terminal.ToString());
        Assert.Contains("10%", LastDrawn());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(2)]
    [InlineData(0)]
    public void ItNeverReachesTheLastColumn(int columns)
    {
        using var bar = Bar(columns);
        bar.Show(At(step: 10));
        Assert.True(LastDrawn().Length - "\r\e[K".Length <= Math.Max(1, columns - 1));
    }

    [Fact]
    public void NothingOfItStays()
    {
        Bar().Dispose();
        Assert.EndsWith("\r\e[K", _terminal.ToString());
    }

    ProgressBar Bar(int columns = 110) => new(_terminal, () => columns, () => _now);

    static TrainingProgress At(int step) => new("training", step, Steps: 100, Loss: 0.5, Churn: 0.02, IsFrozen: false);

    int Drawn() => _terminal.ToString().Split("\r\e[K").Length - 1;

    string LastDrawn() => _terminal.ToString()[_terminal.ToString().LastIndexOf("\r\e[K", StringComparison.Ordinal)..];
}
