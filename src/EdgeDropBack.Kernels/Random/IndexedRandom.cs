namespace EdgeDropBack.Kernels;

/// <summary>
/// Counter-based random values: a function of (seed, stream, index) only, so that any order, lane width and machine gives the same bits.
/// The hash is MurmurHash3's 32-bit finaliser (two multiplies, three xor-shifts) of the index, keyed before and between the multiplies;
/// a key on the index alone would make every stream a permutation of every other.
/// </summary>
public static unsafe partial class IndexedRandom
{
    const uint MultiplierA = 0x85EBCA6B;
    const uint MultiplierB = 0xC2B2AE35;
    const uint Weyl = 0x9E3779B9;
    const uint PairMask = 0x00FF00FF;
    const int NormalCentre = 510;
    const int UniformCentre = (1 << 24) - 1;

    // Variance of the sum of four bytes: 4 * (256^2 - 1) / 12.
    const double NormalVariance = 21845;

    /// <summary>32 well-mixed bits for (seed, stream, index).</summary>
    public static uint Hash(uint seed, uint stream, ulong index) => Keyed(KeyBefore(seed, stream), KeyBetween(seed, stream), index);

    /// <summary>The regenerated value at one flat index.</summary>
    public static float Value(in RegeneratedBase parameters, long index)
    {
        if (parameters.Distribution == Distribution.Constant) return parameters.Scale;
        var hash = Hash(parameters.Seed, parameters.Tensor, (ulong)index);
        return Centred(hash, parameters.Distribution) * Multiplier(parameters);
    }

    /// <summary>Regenerated values of consecutive flat indices from <paramref name="start"/>.</summary>
    public static void Fill(in RegeneratedBase parameters, long start, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        fixed (float* pointer = destination)
            Fill(parameters, start, pointer, destination.Length);
    }

    static uint Mix(uint h)
    {
        h = (h ^ (h >> 16)) * MultiplierA;
        h = (h ^ (h >> 13)) * MultiplierB;
        return h ^ (h >> 16);
    }

    static uint KeyBefore(uint seed, uint stream) => Mix(seed ^ Mix(stream + Weyl));

    static uint KeyBetween(uint seed, uint stream) => Mix(KeyBefore(seed, stream) + Weyl);

    static uint Keyed(uint before, uint between, ulong index)
    {
        var h = (uint)index ^ before ^ Mix((uint)(index >> 32));
        h = (h ^ (h >> 16)) * MultiplierA;
        h = (h ^ (h >> 13) ^ between) * MultiplierB;
        return h ^ (h >> 16);
    }

    static float Centred(uint hash, Distribution distribution)
    {
        if (distribution == Distribution.Uniform)
            return (int)(hash >> 8) * 2 - UniformCentre;
        var pairs = (hash & PairMask) + ((hash >> 8) & PairMask);
        return (int)((pairs & 0xFFFF) + (pairs >> 16)) - NormalCentre;
    }

    static float Multiplier(in RegeneratedBase parameters) => parameters.Distribution == Distribution.Uniform
        ? parameters.Scale * (1f / (1 << 24))
        : (float)(parameters.Scale / Math.Sqrt(NormalVariance));
}
