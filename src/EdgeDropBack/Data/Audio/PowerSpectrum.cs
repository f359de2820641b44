using EdgeDropBack.Kernels;

namespace EdgeDropBack.Data;

/// <summary>Energies of the frequencies in a window of sound: a radix-2 transform in double precision, always in the same order.</summary>
sealed class PowerSpectrum
{
    readonly double[] _cosine, _sine, _real, _imaginary;
    readonly int[] _reversed;

    /// <param name="size">A power of two.</param>
    public PowerSpectrum(int size)
    {
        (_cosine, _sine, _real, _imaginary, _reversed) = (new double[size / 2], new double[size / 2], new double[size], new double[size], new int[size]);
        for (var i = 0; i < size / 2; i++) (_cosine[i], _sine[i]) = (DeterministicMath.CosPi(2.0 * i / size), -DeterministicMath.SinPi(2.0 * i / size));
        for (var i = 1; i < size; i++) _reversed[i] = _reversed[i >> 1] >> 1 | ((i & 1) == 0 ? 0 : size >> 1);
    }

    public int Size => _real.Length;

    /// <param name="x">Up to <see cref="Size"/> samples; silence follows them.</param>
    /// <param name="energies">[size / 2 + 1] squared magnitudes.</param>
    public void Compute(ReadOnlySpan<double> x, Span<double> energies)
    {
        for (var i = 0; i < Size; i++) (_real[i], _imaginary[i]) = (_reversed[i] < x.Length ? x[_reversed[i]] : 0, 0);
        for (var half = 1; half < Size; half *= 2)
        {
            var stride = Size / (2 * half);
            for (var block = 0; block < Size; block += 2 * half)
            {
                for (var i = 0; i < half; i++)
                {
                    var (upper, lower) = (block + i, block + i + half);
                    var (c, s) = (_cosine[i * stride], _sine[i * stride]);
                    var (re, im) = (_real[lower] * c - _imaginary[lower] * s, _real[lower] * s + _imaginary[lower] * c);
                    (_real[lower], _imaginary[lower]) = (_real[upper] - re, _imaginary[upper] - im);
                    (_real[upper], _imaginary[upper]) = (_real[upper] + re, _imaginary[upper] + im);
                }
            }
        }
        for (var k = 0; k < energies.Length; k++) energies[k] = _real[k] * _real[k] + _imaginary[k] * _imaginary[k];
    }
}
