using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>A regenerated base with its keys computed, for filling runs of consecutive indices; see <see cref="IndexedRandom"/>.</summary>
readonly unsafe struct RandomRun
{
    /// <summary>Of a vector of <see cref="KernelFamily.NormalRun"/>, and what follows them among its constants.</summary>
    const int Lanes = 16, Further = 8;
    const uint BytesOfOne = 0x01010101, ShortsOfOne = 0x00010001;

    readonly Distribution _distribution;
    readonly uint _before, _between;
    readonly float _multiplier;
    readonly Constants _constants;

    public RandomRun(in RegeneratedBase parameters)
    {
        _distribution = parameters.Distribution;
        _before = IndexedRandom.KeyBefore(parameters.Seed, parameters.Tensor);
        _between = IndexedRandom.KeyBetween(parameters.Seed, parameters.Tensor);
        _multiplier = IndexedRandom.Multiplier(parameters);
        for (var lane = 0; lane < Lanes; lane++)
            _constants[lane] = (uint)lane;
        ReadOnlySpan<uint> further = [_between, IndexedRandom.MultiplierA, IndexedRandom.MultiplierB, Lanes, BytesOfOne, ShortsOfOne,
            IndexedRandom.NormalCentre, BitConverter.SingleToUInt32Bits(_multiplier)];
        further.CopyTo(((Span<uint>)_constants)[Lanes..]);
    }

    /// <summary>The values of flat indices [start, start + count).</summary>
    public void Fill(long start, float* destination, nint count)
    {
        if (_distribution == Distribution.Constant)
        {
            new Span<float>(destination, checked((int)count)).Fill(_multiplier);
            return;
        }
        while (count > 0)
        {
            // The high word is constant within a segment that does not cross a multiple of 2^32.
            var segment = (nint)Math.Min(count, (1L << 32) - (start & uint.MaxValue));
            FillSegment(_before ^ IndexedRandom.HighWord(start), (uint)start, destination, segment);
            destination += segment;
            (start, count) = (start + segment, count - segment);
        }
    }

    void FillSegment(uint before, uint index, float* destination, nint count)
    {
        var i = _distribution == Distribution.Normal ? FillVectors(before, index, destination, count) : 0;
        var indices = Vector256.Create(index + (uint)i) + Vector256.Create(0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u);
        Vector256<uint> first = Vector256.Create(before), second = Vector256.Create(_between);
        var multiplier = Vector256.Create(_multiplier);
        if (_distribution == Distribution.Uniform)
        {
            for (; i + 8 <= count; i += 8, indices += Vector256.Create(8u))
                (Vector256.ConvertToSingle(IndexedRandom.CentredUniform(Hash(first, second, indices))) * multiplier).Store(destination + i);
        }
        else
        {
            for (; i + 8 <= count; i += 8, indices += Vector256.Create(8u))
                (Vector256.ConvertToSingle(IndexedRandom.CentredNormal(Hash(first, second, indices))) * multiplier).Store(destination + i);
        }
        for (; i < count; i++)
            destination[i] = IndexedRandom.Centred(IndexedRandom.Mixed((index + (uint)i) ^ before, _between), _distribution) * _multiplier;
    }

    /// <summary>What the kernels in use fill by themselves.</summary>
    /// <returns>How many from the first on.</returns>
    nint FillVectors(uint before, uint index, float* destination, nint count)
    {
        var run = KernelTable.Family.NormalRun;
        if (run == null || count < Lanes)
            return 0;
        fixed (uint* constants = (ReadOnlySpan<uint>)_constants)
            run(constants, index, before, destination, count / Lanes);
        return count / Lanes * Lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Hash(Vector256<uint> before, Vector256<uint> between, Vector256<uint> index)
    {
        var h = index ^ before;
        h = (h ^ (h >>> 16)) * Vector256.Create(IndexedRandom.MultiplierA);
        h = (h ^ (h >>> 13) ^ between) * Vector256.Create(IndexedRandom.MultiplierB);
        return h ^ (h >>> 16);
    }

    [InlineArray(Lanes + Further)]
    struct Constants
    {
        uint _first;
    }
}
