namespace EdgeDropBack.DeviceLink;

/// <summary>
/// How long an acknowledgement takes beyond the time that the bytes on the way need at the line's rate: smoothed, with its deviation, after
/// RFC 6298; longer after each wait in vain. Microseconds.
/// </summary>
sealed class RoundTrip
{
    const long First = 100_000, LeastSlack = 20_000, Longest = 2_000_000;
    const int LongestBackoff = 2;

    long _smoothed = -1, _deviation;
    int _backoff;

    /// <param name="lineTime">Of the bytes on the way.</param>
    public long Timeout(long lineTime) => Math.Min(Longest,
        (lineTime + (_smoothed < 0 ? First : _smoothed + Math.Max(LeastSlack, 4 * _deviation))) << _backoff);

    /// <param name="excess">What a round trip took beyond its line time.</param>
    public void Measured(long excess)
    {
        excess = Math.Max(0, excess);
        _deviation = _smoothed < 0 ? excess / 2 : _deviation + (Math.Abs(excess - _smoothed) - _deviation) / 4;
        _smoothed = _smoothed < 0 ? excess : _smoothed + (excess - _smoothed) / 8;
        _backoff = 0;
    }

    /// <summary>The longer wait stays until a round trip is measured.</summary>
    public void TimedOut() => _backoff = Math.Min(_backoff + 1, LongestBackoff);
}
