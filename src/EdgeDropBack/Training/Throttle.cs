using EdgeDropBack.Devices;

namespace EdgeDropBack.Training;

/// <summary>Holds a run back between its steps as <see cref="RunLimits"/> says.</summary>
sealed class Throttle : IDisposable
{
    /// <summary>The board must be this much below the limit before the run goes on, so that it does not stop at every step.</summary>
    const double CoolingCelsius = 3;

    const double LookSeconds = 1, ShortestPauseSeconds = 0.005;

    readonly RunLimits _limits;
    readonly ThermalSensor? _sensor;
    readonly Func<double?> _temperature;
    readonly Func<double> _clock;
    readonly Action<double> _pause;
    readonly Action<string>? _log;
    readonly double _started;
    double _resumed, _looked = double.NegativeInfinity, _owed, _coolingSeconds, _dutySeconds;
    double? _hottest;
    int _coolingPauses;
    bool _isCut;

    /// <exception cref="EdbException">Exit code 2: a limit makes no sense, or the board has no thermometer.</exception>
    public static Throttle Of(RunLimits limits, CancellationToken cancel, Action<string>? log)
    {
        var sensor = limits.MaxTemperature is null ? null : new ThermalSensor();
        return new(limits, sensor, () => sensor?.Read(), () => Environment.TickCount64 / 1000.0,
            seconds => cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(seconds)), log);
    }

    /// <param name="clock">Seconds since any moment; never goes back.</param>
    /// <param name="pause">Waits for so many seconds, or until the run is cancelled.</param>
    internal Throttle(RunLimits limits, ThermalSensor? sensor, Func<double?> temperature, Func<double> clock, Action<double> pause, Action<string>? log)
    {
        limits.Check();
        (_limits, _sensor, _temperature, _clock, _pause, _log) = (limits, sensor, temperature, clock, pause, log);
        _started = _resumed = clock();
        if (limits.MaxTemperature is not null && temperature() is null)
        {
            sensor?.Dispose();
            throw EdbException.Usage("--max-temp: this system shows no temperature in /sys/class/thermal; leave it out, or limit --duty");
        }
    }

    /// <summary>Seconds until the deadline; null without one.</summary>
    public double? SecondsLeft => _limits.Deadline is { } deadline ? deadline.TotalSeconds - (_clock() - _started) : null;

    /// <summary>Set when the deadline leaves room for fewer steps than asked for.</summary>
    public int? DeadlineSteps { get; set; }

    public ThrottleFigures? Figures => _limits == new RunLimits()
        ? null
        : new(_hottest, _coolingPauses, _coolingSeconds, _dutySeconds, DeadlineSteps, _isCut);

    /// <summary>Steps begin now: what came before is no part of the duty.</summary>
    public void Begin() => _resumed = _clock();

    /// <summary>Waits where it must.</summary>
    /// <returns>False: the deadline has passed.</returns>
    public bool AfterStep(CancellationToken cancel)
    {
        PauseForDuty();
        if (_limits.MaxTemperature is { } limit) CoolDown(limit, cancel);
        _resumed = _clock();
        return !(_isCut = SecondsLeft <= 0);
    }

    public void Dispose() => _sensor?.Dispose();

    void PauseForDuty()
    {
        if (_limits.Duty >= 1) return;
        var now = _clock();
        _owed += (now - _resumed) * (1 - _limits.Duty) / _limits.Duty;
        if (_owed < ShortestPauseSeconds) return;
        _pause(_owed);
        var paused = _clock() - now;
        _dutySeconds += paused;
        _owed -= paused;
    }

    void CoolDown(double limit, CancellationToken cancel)
    {
        var now = _clock();
        if (now - _looked < LookSeconds) return;
        _looked = now;
        if (Look() is not { } celsius || celsius < limit) return;
        _coolingPauses++;
        _log?.Invoke(FormattableString.Invariant($"{celsius:0.0} degrees Celsius: waiting for {limit - CoolingCelsius:0.0}"));
        while (!cancel.IsCancellationRequested && SecondsLeft is not <= 0 && Look() > limit - CoolingCelsius) _pause(LookSeconds);
        _coolingSeconds += _clock() - now;
    }

    double? Look()
    {
        var celsius = _temperature();
        if (celsius > (_hottest ?? double.NegativeInfinity)) _hottest = celsius;
        return celsius;
    }
}
