using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

public static unsafe partial class IndexedRandom
{
    internal static void Fill(in RegeneratedBase parameters, long start, float* destination, nint count)
    {
        if (parameters.Distribution == Distribution.Constant)
        {
            new Span<float>(destination, checked((int)count)).Fill(parameters.Scale);
            return;
        }
        var before = KeyBefore(parameters.Seed, parameters.Tensor);
        var between = KeyBetween(parameters.Seed, parameters.Tensor);
        var multiplier = Multiplier(parameters);
        nint done = 0;
        while (done < count)
        {
            // The high word is constant within a segment that does not cross a multiple of 2^32.
            var first = start + done;
            var segment = (nint)Math.Min(count - done, (1L << 32) - (first & uint.MaxValue));
            var key = before ^ Mix((uint)(first >> 32));
            if (parameters.Distribution == Distribution.Uniform)
                FillUniform(key, between, (uint)first, multiplier, destination + done, segment);
            else
                FillNormal(key, between, (uint)first, multiplier, destination + done, segment);
            done += segment;
        }
    }

    static void FillNormal(uint before, uint between, uint index, float multiplier, float* destination, nint count)
    {
        nint i = 0;
        var lanes = Vector256.Create(0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u);
        for (; i + 8 <= count; i += 8)
        {
            var hash = Keyed(before, between, Vector256.Create(index + (uint)i) + lanes);
            var pairs = (hash & Vector256.Create(PairMask)) + ((hash >>> 8) & Vector256.Create(PairMask));
            var sum = (pairs & Vector256.Create(0xFFFFu)) + (pairs >>> 16);
            var centred = sum.AsInt32() - Vector256.Create(NormalCentre);
            (Vector256.ConvertToSingle(centred) * Vector256.Create(multiplier)).Store(destination + i);
        }
        for (; i < count; i++)
            destination[i] = Centred(Keyed(before, between, index + (uint)i), Distribution.Normal) * multiplier;
    }

    static void FillUniform(uint before, uint between, uint index, float multiplier, float* destination, nint count)
    {
        nint i = 0;
        var lanes = Vector256.Create(0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u);
        for (; i + 8 <= count; i += 8)
        {
            var hash = Keyed(before, between, Vector256.Create(index + (uint)i) + lanes);
            var centred = ((hash >>> 8) << 1).AsInt32() - Vector256.Create(UniformCentre);
            (Vector256.ConvertToSingle(centred) * Vector256.Create(multiplier)).Store(destination + i);
        }
        for (; i < count; i++)
            destination[i] = Centred(Keyed(before, between, index + (uint)i), Distribution.Uniform) * multiplier;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Keyed(Vector256<uint> before, Vector256<uint> between, Vector256<uint> index)
    {
        var h = index ^ before;
        h = (h ^ (h >>> 16)) * Vector256.Create(MultiplierA);
        h = (h ^ (h >>> 13) ^ between) * Vector256.Create(MultiplierB);
        return h ^ (h >>> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Keyed(uint before, uint between, Vector256<uint> index) =>
        Keyed(Vector256.Create(before), Vector256.Create(between), index);
}
