namespace EdgeDropBack.DeviceLink;

/// <summary>
/// How long to wait for an acknowledgement, after RFC 6298: smoothed round trip plus four deviations, but at least half as long again, since
/// frames and so round trips grow on a line without errors; longer after each wait in vain. Microseconds.
/// </summary>
sealed class RoundTrip(long first)
{
    const long Slack = 20_000, Longest = 2_000_000;
    const int LongestBackoff = 2;

    long _smoothed, _deviation;
    int _backoff;

    public long Timeout => Math.Min(Longest,
        (_smoothed == 0 ? first : _smoothed + Math.Max(_smoothed / 2 + Slack, 4 * _deviation)) << _backoff);

    public void Measured(long sample)
    {
        sample = Math.Max(1, sample);
        _deviation = _smoothed == 0 ? sample / 2 : _deviation + (Math.Abs(sample - _smoothed) - _deviation) / 4;
        _smoothed = _smoothed == 0 ? sample : Math.Max(1, _smoothed + (sample - _smoothed) / 8);
        _backoff = 0;
    }

    /// <summary>The longer wait stays until a round trip is measured: one that grew is never measured while everything is sent twice.</summary>
    public void TimedOut() => _backoff = Math.Min(_backoff + 1, LongestBackoff);
}
