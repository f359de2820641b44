using System.Text;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// Makes windows of a sensor's lines. The first second tells axis count (the most frequent) and rate; a gap that is longer than the line's own
/// jitter is a drop-out. A window never reaches over a drop-out or a line that was skipped.
/// </summary>
/// <param name="window">Lines of a window at a rate.</param>
/// <param name="stride">Lines from the start of one window to that of the next, of so many.</param>
/// <param name="rate">Lines a second; null detects it.</param>
/// <param name="note">Told about lines that are skipped, the first few of them.</param>
sealed class SensorRecorder(Func<double, int> window, Func<int, int> stride, double? rate, Action<string> note)
{
    const long Detection = 1_000_000, MostJitter = 250_000;
    const int FewestLines = 5, NotedLines = 5;

    readonly List<(float[] Values, long At)> _first = [];
    readonly List<float> _current = [];
    readonly float[] _values = new float[SensorLine.MaxAxes];
    long _lastAt, _jitter;

    /// <summary>0 while it is being detected.</summary>
    public int Axes { get; private set; }

    /// <summary>Lines a second.</summary>
    public double Rate { get; private set; }

    /// <summary>Lines of a window.</summary>
    public int WindowLines { get; private set; }

    /// <summary>Complete windows: values [line, axis].</summary>
    public List<float[]> Windows { get; } = [];

    /// <summary>The last good line.</summary>
    public ReadOnlySpan<float> Last => _values.AsSpan(0, Axes);

    /// <summary>Good lines.</summary>
    public long Lines { get; private set; }

    /// <summary>Lines that are no numbers, or of another axis count.</summary>
    public long Skipped { get; private set; }

    public long DropOuts { get; private set; }

    /// <summary>Lines that did not come in drop-outs, by the rate.</summary>
    public long Missing { get; private set; }

    /// <param name="line">Without its end.</param>
    /// <param name="now">When it came, microseconds from any moment.</param>
    public void Add(ReadOnlySpan<byte> line, long now)
    {
        Span<float> values = stackalloc float[SensorLine.MaxAxes];
        var count = SensorLine.Parse(line, values);
        if (count == 0 || Axes > 0 && count != Axes)
        {
            Skip(line, count);
            return;
        }
        if (Axes > 0)
        {
            Take(values[..count], now);
            return;
        }
        _first.Add((values[..count].ToArray(), now));
        if (_first.Count >= FewestLines && now - _first[0].At >= Detection) Detect();
    }

    void Detect()
    {
        Axes = MostFrequent();
        var good = _first.FindAll(line => line.Values.Length == Axes);
        Rate = rate ?? SensorRate.Of(good.Count, good[^1].At - good[0].At);
        WindowLines = window(Rate);
        for (var i = 1; i < good.Count; i++) _jitter = Math.Max(_jitter, good[i].At - good[i - 1].At);
        _jitter = Math.Min(_jitter, MostJitter);
        _lastAt = good[0].At;
        foreach (var (values, at) in _first)
        {
            if (values.Length == Axes) Take(values, at);
            else Skip("(in the first second)"u8, values.Length);
        }
        _first.Clear();
    }

    int MostFrequent()
    {
        Span<int> counts = stackalloc int[SensorLine.MaxAxes + 1];
        var best = 0;
        foreach (var (values, _) in _first)
            if (++counts[values.Length] > counts[best]) best = values.Length;
        return best;
    }

    void Take(ReadOnlySpan<float> values, long now)
    {
        var gap = now - _lastAt;
        if (gap > 2 * _jitter + 2e6 / Rate)
        {
            DropOuts++;
            Missing += Math.Max(1, (long)Math.Round(gap * Rate / 1e6) - 1);
            _current.Clear();
        }
        _lastAt = now;
        Lines++;
        values.CopyTo(_values);
        _current.AddRange(values);
        if (_current.Count < WindowLines * Axes) return;
        Windows.Add([.. _current]);
        _current.RemoveRange(0, Math.Clamp(stride(WindowLines), 1, WindowLines) * Axes);
    }

    void Skip(ReadOnlySpan<byte> line, int count)
    {
        _current.Clear();
        if (++Skipped > NotedLines) return;
        note($"skipped line \"{Encoding.ASCII.GetString(line)}\": {(count == 0 ? "not numbers" : $"{count} numbers, the sensor has {Axes}")}"
            + (Skipped == NotedLines ? "; further ones are only counted" : ""));
    }
}
