using EdgeDropBack.Kernels;

namespace EdgeDropBack.Data;

/// <summary>
/// Another sampling rate: a sinc of <see cref="ZeroCrossings"/> zero crossings a side under a Blackman window, cut off at
/// <see cref="Rolloff"/> of the lower of the two rates' bands, in one set of taps a phase. Before and after the sound is silence.
/// </summary>
sealed class Resampler
{
    const int ZeroCrossings = 24, MostTableTaps = 1 << 20;
    const double Rolloff = 0.92;

    readonly int _up, _down, _half;
    readonly double _scale;
    readonly double[]? _table;
    readonly double[] _taps;

    /// <param name="tableTaps">Up to so many taps are made once; beyond, each time.</param>
    public Resampler(int from, int to, int tableTaps = MostTableTaps)
    {
        var divisor = Divisor(from, to);
        (_up, _down) = (to / divisor, from / divisor);
        _scale = Math.Min(1.0, (double)_up / _down) * Rolloff;
        _half = (int)Math.Ceiling(ZeroCrossings / _scale);
        _taps = new double[2 * _half];
        if ((long)_up * _taps.Length > tableTaps) return;
        _table = new double[_up * _taps.Length];
        for (var phase = 0; phase < _up; phase++) Taps(phase, _table.AsSpan(phase * _taps.Length, _taps.Length));
    }

    /// <summary>Samples that so many become.</summary>
    public int Length(int samples) => checked((int)(((long)samples * _up + _down - 1) / _down));

    public float[] Run(ReadOnlySpan<float> x)
    {
        if (_up == _down) return x.ToArray();
        var y = new float[Length(x.Length)];
        for (var n = 0; n < y.Length; n++)
        {
            var position = (long)n * _down;
            var (at, phase) = ((int)(position / _up), (int)(position % _up));
            var taps = TapsOf(phase);
            var first = at - _half + 1;
            var sum = 0.0;
            for (int t = Math.Max(0, -first), end = Math.Min(taps.Length, x.Length - first); t < end; t++) sum += taps[t] * x[first + t];
            y[n] = (float)sum;
        }
        return y;
    }

    ReadOnlySpan<double> TapsOf(int phase)
    {
        if (_table is not null) return _table.AsSpan(phase * _taps.Length, _taps.Length);
        Taps(phase, _taps);
        return _taps;
    }

    /// <summary>Weights of the samples from half a width before a position to half a width behind it; their sum is 1.</summary>
    void Taps(int phase, Span<double> taps)
    {
        var sum = 0.0;
        for (var t = 0; t < taps.Length; t++)
        {
            var distance = (t - _half + 1 - (double)phase / _up) * _scale;
            var along = distance / ZeroCrossings;
            var window = Math.Abs(along) >= 1 ? 0 : 0.42 + 0.5 * DeterministicMath.CosPi(along) + 0.08 * DeterministicMath.CosPi(2 * along);
            taps[t] = window * (distance == 0 ? 1 : DeterministicMath.SinPi(distance) / (Math.PI * distance));
            sum += taps[t];
        }
        foreach (ref var tap in taps) tap /= sum;
    }

    static int Divisor(int a, int b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
