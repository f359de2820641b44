using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Counter-based random values: a function of (seed, stream, index) only, so that any order, lane width and machine gives the same bits.
/// The hash is MurmurHash3's 32-bit finaliser (two multiplies, three xor-shifts) of the index, keyed before and between the multiplies;
/// a key on the index alone would make every stream a permutation of every other.
/// </summary>
public static unsafe class IndexedRandom
{
    internal const uint MultiplierA = 0x85EBCA6B;
    internal const uint MultiplierB = 0xC2B2AE35;
    const uint Weyl = 0x9E3779B9;
    const uint PairMask = 0x00FF00FF;
    internal const int NormalCentre = 510;
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
            new RandomRun(parameters).Fill(start, pointer, destination.Length);
    }

    static uint Mix(uint h)
    {
        h = (h ^ (h >> 16)) * MultiplierA;
        h = (h ^ (h >> 13)) * MultiplierB;
        return h ^ (h >> 16);
    }

    internal static uint KeyBefore(uint seed, uint stream) => Mix(seed ^ Mix(stream + Weyl));

    internal static uint KeyBetween(uint seed, uint stream) => Mix(KeyBefore(seed, stream) + Weyl);

    static uint Keyed(uint before, uint between, ulong index) => Mixed((uint)index ^ before ^ HighWord((long)index), between);

    /// <summary>What the upper half of an index adds to the key.</summary>
    internal static uint HighWord(long index) => Mix((uint)((ulong)index >> 32));

    internal static uint Mixed(uint h, uint between)
    {
        h = (h ^ (h >> 16)) * MultiplierA;
        h = (h ^ (h >> 13) ^ between) * MultiplierB;
        return h ^ (h >> 16);
    }

    internal static float Centred(uint hash, Distribution distribution)
    {
        if (distribution == Distribution.Uniform)
            return (int)(hash >> 8) * 2 - UniformCentre;
        var pairs = (hash & PairMask) + ((hash >> 8) & PairMask);
        return (int)((pairs & 0xFFFF) + (pairs >> 16)) - NormalCentre;
    }

    /// <summary>hash's upper 24 bits, doubled, around 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> CentredUniform(Vector256<uint> hash) => ((hash >>> 8) << 1).AsInt32() - Vector256.Create(UniformCentre);

    /// <summary>The sums of the hashes' four bytes, around 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> CentredNormal(Vector256<uint> hash)
    {
        Vector256<int> sum;
        if (Avx2.IsSupported)
        {
            sum = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(hash.AsByte(), Vector256.Create((sbyte)1)), Vector256.Create((short)1));
        }
        else
        {
            var pairs = (hash & Vector256.Create(PairMask)) + ((hash >>> 8) & Vector256.Create(PairMask));
            sum = ((pairs & Vector256.Create(0xFFFFu)) + (pairs >>> 16)).AsInt32();
        }
        return sum - Vector256.Create(NormalCentre);
    }

    /// <summary>What a centred value is multiplied by; a constant itself.</summary>
    internal static float Multiplier(in RegeneratedBase parameters) => parameters.Distribution switch
    {
        Distribution.Constant => parameters.Scale,
        Distribution.Uniform => parameters.Scale * (1f / (1 << 24)),
        _ => (float)(parameters.Scale / Math.Sqrt(NormalVariance)),
    };
}
