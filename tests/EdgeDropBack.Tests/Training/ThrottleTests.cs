using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

public sealed class ThrottleTests
{
    double _now, _celsius = 50;
    readonly List<double> _pauses = [];
    readonly List<string> _log = [];

    [Fact]
    public void HalfDutyPausesAsLongAsTheStepsTook()
    {
        var throttle = Made(new() { Duty = 0.5 });
        for (var step = 0; step < 10; step++) Step(throttle, 0.02);
        Assert.Equal(0.2, _pauses.Sum(), 9);
        Assert.Equal(0.2, throttle.Figures!.DutySeconds, 9);
    }

    [Fact]
    public void ShortPausesAreSavedUp()
    {
        var throttle = Made(new() { Duty = 0.9 });
        for (var step = 0; step < 100; step++) Step(throttle, 0.009);
        Assert.All(_pauses, pause => Assert.True(pause >= 0.005));
        Assert.InRange(_pauses.Sum(), 0.094, 0.1);
    }

    [Fact]
    public void AHotBoardIsWaitedForUntilItIsThreeDegreesCooler()
    {
        var throttle = Made(new() { MaxTemperature = 80 });
        Step(throttle, 1);
        Assert.Empty(_pauses);
        _celsius = 82;
        Step(throttle, 1);
        Assert.Equal(5, _pauses.Count);
        Assert.Equal(77, _celsius);
        var figures = throttle.Figures!;
        Assert.Equal((82.0, 1, 5.0), (figures.HottestCelsius, figures.CoolingPauses, figures.CoolingSeconds));
        Assert.Equal("82.0 degrees Celsius: waiting for 77.0", Assert.Single(_log));
    }

    [Fact]
    public void TheThermometerIsReadOnceASecond()
    {
        var reads = 0;
        var throttle = new Throttle(new() { MaxTemperature = 80 }, null, () => { reads++; return 20; }, () => _now, _ => { }, null);
        for (var step = 0; step < 100; step++) Step(throttle, 0.1);
        Assert.InRange(reads, 10, 12);
    }

    [Fact]
    public void CancellingEndsTheWait()
    {
        using var cancel = new CancellationTokenSource();
        var throttle = new Throttle(new() { MaxTemperature = 80 }, null, () => 90, () => _now, _ => cancel.Cancel(), null);
        _now = 1;
        Assert.True(throttle.AfterStep(cancel.Token));
    }

    [Fact]
    public void TheDeadlineEndsTheRunAndIsReported()
    {
        var throttle = Made(new() { Deadline = TimeSpan.FromSeconds(3) });
        Assert.True(Step(throttle, 1));
        Assert.True(Step(throttle, 1.9));
        Assert.False(throttle.Figures!.IsCutByDeadline);
        Assert.False(Step(throttle, 0.1));
        Assert.True(throttle.Figures.IsCutByDeadline);
    }

    [Fact]
    public void WithoutLimitsThereIsNothingToReport() => Assert.Null(Made(new()).Figures);

    [Theory]
    [InlineData(0.0, null, null, "--duty is 0, expected above 0 and at most 1")]
    [InlineData(1.5, null, null, "--duty is 1.5, expected above 0 and at most 1")]
    [InlineData(double.NaN, null, null, "--duty is NaN, expected above 0 and at most 1")]
    [InlineData(1.0, 500.0, null, "--max-temp is 500, expected 20 to 120 degrees Celsius")]
    [InlineData(1.0, null, -1.0, "--deadline is not after the start; give a time such as 10m")]
    public void LimitsThatMakeNoSenseAreRefused(double duty, double? celsius, double? seconds, string message)
    {
        var limits = new RunLimits { Duty = duty, MaxTemperature = celsius, Deadline = seconds is { } s ? TimeSpan.FromSeconds(s) : null };
        var refusal = Assert.Throws<EdbException>(() => Made(limits));
        Assert.Equal((2, message), (refusal.ExitCode, refusal.Message));
    }

    [Fact]
    public void ABoardWithoutThermometerSaysSo()
    {
        var refusal = Assert.Throws<EdbException>(
            () => new Throttle(new() { MaxTemperature = 80 }, null, () => null, () => _now, _ => { }, null));
        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains("/sys/class/thermal", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 100, 1000, 0, 90)]
    [InlineData(1, 2000, 1000, 0, 1000)]
    [InlineData(1, 0, 1000, 0, 1)]
    [InlineData(1, 100, 1000, 3, 42)]
    public void TheStepsThatFitADeadline(double step, double left, int planned, int trials, int expected)
        => Assert.InRange(DeadlineSteps.Fitting(step, left, planned, trials, steps => (int)(0.4 * steps)), expected - 1, expected);

    Throttle Made(RunLimits limits) => new(limits, null, () => _celsius, () => _now, seconds =>
    {
        _pauses.Add(seconds);
        _now += seconds;
        _celsius--;
    }, _log.Add);

    bool Step(Throttle throttle, double seconds)
    {
        _now += seconds;
        return throttle.AfterStep(CancellationToken.None);
    }
}
