namespace EdgeDropBack.Data;

/// <summary>
/// Seeded orders of samples: a function of seed, epoch and position only, so that they are the same on every machine and after a resume.
/// The mixer is SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
/// </summary>
static class SampleOrder
{
    const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>64 well-mixed bits for one index under one seed.</summary>
    public static ulong Hash(ulong seed, ulong index) => Mix(Mix(seed + Golden) ^ Mix(index * Golden + Golden));

    /// <summary>Fills with a permutation of 0..Length-1 (Fisher-Yates). Allocates nothing.</summary>
    /// <param name="order">[samples], overwritten.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Each epoch has its own order.</param>
    public static void Fill(Span<int> order, ulong seed, int epoch)
    {
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        var key = Hash(seed, (uint)epoch);
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = (int)Math.BigMul(Hash(key, (uint)i), (ulong)i + 1, out _);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
