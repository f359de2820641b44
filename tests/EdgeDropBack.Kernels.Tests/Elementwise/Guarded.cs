namespace EdgeDropBack.Kernels.Tests;

/// <summary>An output between two regions of sentinels, which Dispose checks: a kernel that writes outside fails its test.</summary>
sealed class Guarded : IDisposable
{
    const int Margin = 32;
    const float Sentinel = -7.0625e11f;
    readonly float[] _memory;
    readonly int _length;

    internal Guarded(int length)
    {
        _length = length;
        _memory = new float[length + (2 * Margin)];
        Array.Fill(_memory, Sentinel);
    }

    internal Span<float> Span => _memory.AsSpan(Margin, _length);

    public void Dispose()
    {
        for (int i = 0; i < Margin; i++)
        {
            Assert.Equal(Sentinel, _memory[i]);
            Assert.Equal(Sentinel, _memory[Margin + _length + i]);
        }
    }
}
