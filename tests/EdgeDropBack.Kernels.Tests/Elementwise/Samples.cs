namespace EdgeDropBack.Kernels.Tests;

/// <summary>Reproducible test data: a 64-bit congruential generator (Knuth's MMIX constants), upper bits.</summary>
sealed class Samples(ulong seed)
{
    /// <summary>NaN, infinities, zeros of both signs, denormals, extremes and kinks of the kernels.</summary>
    internal static readonly float[] Special =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, 1e-45f, -1e-45f, 1.1754944e-38f, float.MaxValue, float.MinValue,
        1f, -1f, 0.5f, -0.5f, 1.5f, 2.5f, 3f, -3f, 6f, 88.8f, -88.8f, -104f, 1e-8f, -1e-8f, 20f, -20f, 0.9275f,
    ];
    ulong _state = (seed * 2) + 1;

    internal uint NextBits()
    {
        _state = (_state * 6364136223846793005UL) + 1442695040888963407UL;
        return (uint)(_state >> 32);
    }

    internal float Next(float low, float high) => low + ((high - low) * (NextBits() >> 8) / 16777216f);

    internal int NextInt(int below) => (int)(((ulong)NextBits() * (ulong)below) >> 32);

    internal float[] Array(int count, float low = -3f, float high = 3f)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = Next(low, high);
        return values;
    }

    /// <summary>Mostly plain values, every fourth or so a special one.</summary>
    internal float[] Mixed(int count)
    {
        var values = Array(count);
        for (int i = 0; i < count; i++)
        {
            if (NextInt(4) == 0) values[i] = Special[NextInt(Special.Length)];
        }
        return values;
    }

    /// <summary>Equal bits, all NaNs counting as one.</summary>
    internal static bool Same(float a, float b) =>
        BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));

    internal static void AssertSame(ReadOnlySpan<float> wanted, ReadOnlySpan<float> got, string what)
    {
        Assert.Equal(wanted.Length, got.Length);
        for (int i = 0; i < wanted.Length; i++)
            Assert.True(Same(wanted[i], got[i]), $"{what}: element {i} of {wanted.Length} is {got[i]:R}, wanted {wanted[i]:R}");
    }
}
