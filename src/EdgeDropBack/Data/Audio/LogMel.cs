using EdgeDropBack.Kernels;

namespace EdgeDropBack.Data;

/// <summary>The features of recordings, by <see cref="AudioFeatures"/>: the same bits on every machine.</summary>
sealed class LogMel
{
    /// <summary>What stands for the energy of silence.</summary>
    const double Floor = 1e-6;

    readonly AudioFeatures _settings;
    readonly PowerSpectrum _spectrum;
    readonly double[] _window, _windowed, _energies, _edges;
    readonly Dictionary<int, Resampler> _resamplers = [];

    public LogMel(AudioFeatures settings)
    {
        _settings = settings;
        var size = 1;
        while (size < settings.Window) size *= 2;
        _spectrum = new(size);
        (_window, _windowed, _energies) = (new double[settings.Window], new double[settings.Window], new double[size / 2 + 1]);
        for (var i = 0; i < _window.Length; i++) _window[i] = 0.5 - 0.5 * DeterministicMath.CosPi(2.0 * i / _window.Length);
        var (power, low, high) = (_window.Sum(w => w * w), Mel(settings.Low), Mel(settings.High));
        foreach (ref var w in _window.AsSpan()) w /= Math.Sqrt(power);
        _edges = [.. Enumerable.Range(0, settings.Bands + 2).Select(band => Hertz(low + (high - low) * band / (settings.Bands + 1)) * size / settings.Rate)];
    }

    /// <summary>Numbers of a recording.</summary>
    public int Length => _settings.Frames * _settings.Bands;

    /// <param name="features">[frames, bands], or [bands, frames] where the settings say so.</param>
    public void Compute(ReadOnlySpan<float> mono, int rate, Span<float> features)
    {
        if (!_resamplers.TryGetValue(rate, out var resampler)) _resamplers[rate] = resampler = new(rate, _settings.Rate);
        ReadOnlySpan<float> sound = resampler.Run(mono);
        if (sound.Length > _settings.ClipSamples) sound = sound.Slice((sound.Length - _settings.ClipSamples) / 2, _settings.ClipSamples);
        for (var frame = 0; frame < _settings.Frames; frame++)
        {
            var part = sound[Math.Min(sound.Length, frame * _settings.Hop)..];
            for (var i = 0; i < _windowed.Length; i++) _windowed[i] = i < part.Length ? part[i] * _window[i] : 0;
            _spectrum.Compute(_windowed, _energies);
            for (var band = 0; band < _settings.Bands; band++)
                features[_settings.BandsFirst ? band * _settings.Frames + frame : frame * _settings.Bands + band] = (float)DeterministicMath.Log(Floor + Energy(band));
        }
    }

    /// <summary>A triangle over the energies; one that is too narrow to hold a frequency takes the two around its middle.</summary>
    double Energy(int band)
    {
        var (left, middle, right) = (_edges[band], _edges[band + 1], _edges[band + 2]);
        var (first, last) = ((int)Math.Ceiling(left), (int)Math.Floor(right));
        var (sum, weights) = (0.0, 0.0);
        for (var k = Math.Max(0, first); k <= last && k < _energies.Length; k++)
        {
            var weight = k <= middle ? (k - left) / (middle - left) : (right - k) / (right - middle);
            sum += weight * _energies[k];
            weights += weight;
        }
        if (weights > 0) return sum;
        var below = Math.Min((int)middle, _energies.Length - 2);
        return _energies[below] + (middle - below) * (_energies[below + 1] - _energies[below]);
    }

    static double Mel(double hertz) => 1127 * DeterministicMath.Log(1 + hertz / 700);

    static double Hertz(double mel) => 700 * (DeterministicMath.Exp(mel / 1127) - 1);
}
