namespace EdgeDropBack.DeviceLink;

/// <summary>
/// The fixed rate of a sensor, from when its first lines came. Lines come with jitter, so a rate within 2% of a usual one (1, 2, 2.5, 4, 5,
/// 6.25 or 8 times a power of ten) is taken for that, and others are rounded to three digits.
/// </summary>
static class SensorRate
{
    const double Near = 0.02;

    static readonly double[] s_usual = [1, 2, 2.5, 4, 5, 6.25, 8, 10];

    /// <param name="lines">Lines that came.</param>
    /// <param name="microseconds">From the first to the last.</param>
    /// <returns>Lines a second.</returns>
    public static double Of(int lines, long microseconds)
    {
        var rate = (lines - 1) * 1e6 / Math.Max(1, microseconds);
        var scale = 1.0;
        while (rate >= scale * 10) scale *= 10;
        while (rate < scale) scale /= 10;
        foreach (var usual in s_usual)
            if (Math.Abs(rate / (usual * scale) - 1) <= Near) return usual * scale;
        return Math.Round(rate / scale, 2) * scale;
    }
}
