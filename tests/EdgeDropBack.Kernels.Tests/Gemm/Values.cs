namespace EdgeDropBack.Kernels.Tests;

/// <summary>Test data from the library's own generator, and comparison of bits.</summary>
static class Values
{
    const float Guard = 12345.678f;
    const int GuardLength = 40;

    public static float[] Normal(long count, uint seed)
    {
        var values = new float[count];
        IndexedRandom.Fill(new RegeneratedBase(seed, 7, 1, Distribution.Normal), 0, values);
        return values;
    }

    /// <summary>Normal values with NaN, infinities, signed zeros and subnormals among them.</summary>
    public static float[] Special(long count, uint seed)
    {
        float[] specials = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.Epsilon, -1e-40f, float.MaxValue];
        var values = Normal(count, seed);
        for (var i = 0L; i < count; i++)
            if (IndexedRandom.Hash(seed, 99, (ulong)i) is var hash && hash % 29 == 0)
                values[i] = specials[hash / 29 % specials.Length];
        return values;
    }

    /// <summary>An output whose neighbourhood must survive: the middle part is for the kernel.</summary>
    public static float[] Guarded(long count)
    {
        var values = new float[count + 2 * GuardLength];
        Array.Fill(values, Guard);
        return values;
    }

    public static Span<float> Inside(float[] guarded) => guarded.AsSpan(GuardLength, guarded.Length - 2 * GuardLength);

    public static void SameGuarded(ReadOnlySpan<float> expected, float[] guarded, string what)
    {
        GuardsSurvive(guarded, what);
        Same(expected, Inside(guarded), what);
    }

    static void GuardsSurvive(float[] guarded, string what)
    {
        for (var i = 0; i < GuardLength; i++)
            Assert.True(guarded[i] == Guard && guarded[^(i + 1)] == Guard, $"{what}: wrote outside");
    }

    /// <summary>Equal as numbers: zeros of either sign are the same.</summary>
    public static void Equal(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(expected[i] == actual[i], $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
    }

    public static void EqualGuarded(ReadOnlySpan<float> expected, float[] guarded, string what)
    {
        GuardsSurvive(guarded, what);
        Equal(expected, Inside(guarded), what);
    }

    public static void Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var same = float.IsNaN(expected[i]) ? float.IsNaN(actual[i])
                : BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]);
            Assert.True(same, $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }

    /// <summary>Runs on every supported micro-kernel with 1, 2 and 3 workers.</summary>
    public static void OnEveryKernel(Action<Workers, string> test)
    {
        var active = KernelTable.Active;
        try
        {
            foreach (var name in KernelTable.Supported)
            {
                KernelTable.Force(name);
                for (var count = 1; count <= 3; count++)
                {
                    using var workers = new Workers(count);
                    test(workers, $"{name} x{count}");
                }
            }
        }
        finally
        {
            KernelTable.Force(active);
        }
    }

    /// <summary>Bytes that the action allocates on this thread once warm.</summary>
    public static long Allocated(Action action)
    {
        action();
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
