using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Keeps the k untracked weights with the largest scaled gradient that one worker has seen, exactly, in a bounded buffer:
/// magnitude descending, then key ascending. Entries below the threshold never enter; a full buffer is cut down to k and raises it.
/// Zero and NaN never enter.
/// </summary>
public sealed class CandidateCollector
{
    /// <summary>A key is (parameter ordinal, flat index): the order in which equal scores are ranked.</summary>
    public const int IndexBits = 40;

    /// <summary>Gradients that are looked at together.</summary>
    const int Block = 32;

    readonly int _k;
    readonly float[] _magnitudes;
    readonly float[] _gradients;
    readonly ulong[] _keys;
    float _threshold;

    /// <param name="k">Candidates that can possibly be chosen.</param>
    public CandidateCollector(int k)
    {
        _k = k;
        var capacity = Capacity(k);
        (_magnitudes, _gradients, _keys) = (new float[capacity], new float[capacity], new ulong[capacity]);
    }

    public int Count { get; private set; }

    /// <summary>[Count] |gradient| x scale.</summary>
    public ReadOnlySpan<float> Magnitudes => _magnitudes.AsSpan(0, Count);

    /// <summary>[Count] gradients with their sign.</summary>
    public ReadOnlySpan<float> Gradients => _gradients.AsSpan(0, Count);

    /// <summary>[Count] keys.</summary>
    public ReadOnlySpan<ulong> Keys => _keys.AsSpan(0, Count);

    /// <summary>Bytes held for k candidates.</summary>
    public static long Bytes(int k) => Capacity(k) * (2L * sizeof(float) + sizeof(ulong));

    public static ulong Key(int ordinal, long index) => (ulong)ordinal << IndexBits | (ulong)index;

    public static (int Ordinal, long Index) Split(ulong key) => ((int)(key >> IndexBits), (long)(key & ((1ul << IndexBits) - 1)));

    /// <summary>Empties the buffer; from now on only magnitudes of at least <paramref name="threshold"/> enter.</summary>
    public void Reset(float threshold)
    {
        Count = 0;
        _threshold = Math.Max(threshold, float.Epsilon);
    }

    /// <summary>Looks at a run of gradients of consecutive weights.</summary>
    /// <param name="gradients">[n]</param>
    /// <param name="firstKey">Key of the first; the others follow.</param>
    /// <param name="scale">What the magnitudes are multiplied by: 1, or one over the layer's RMS gradient.</param>
    public void Scan(ReadOnlySpan<float> gradients, ulong firstKey, float scale)
    {
        ref var first = ref MemoryMarshal.GetReference(gradients);
        var i = 0;
        for (; i <= gradients.Length - Block; i += Block)
        {
            var threshold = Vector256.Create(_threshold);
            var reached = Reached(ref first, i, scale, threshold) | Reached(ref first, i + 8, scale, threshold)
                | Reached(ref first, i + 16, scale, threshold) | Reached(ref first, i + 24, scale, threshold);
            if (reached.AsInt32() != Vector256<int>.Zero) OfferAll(gradients.Slice(i, Block), firstKey + (ulong)i, scale);
        }
        OfferAll(gradients[i..], firstKey + (ulong)i, scale);
    }

    /// <summary>All bits of the lanes that reach the threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Reached(ref float first, int at, float scale, Vector256<float> threshold) =>
        Vector256.GreaterThanOrEqual(Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)at)) * scale, threshold);

    [MethodImpl(MethodImplOptions.NoInlining)]
    void OfferAll(ReadOnlySpan<float> gradients, ulong firstKey, float scale)
    {
        for (var i = 0; i < gradients.Length; i++) Offer(gradients[i], firstKey + (ulong)i, scale);
    }

    void Offer(float gradient, ulong key, float scale)
    {
        var magnitude = MathF.Abs(gradient) * scale;
        if (!(magnitude >= _threshold)) return;
        if (Count == _keys.Length) Cut();
        if (!(magnitude >= _threshold)) return;
        (_magnitudes[Count], _gradients[Count], _keys[Count]) = (magnitude, gradient, key);
        Count++;
    }

    void Cut()
    {
        var cutoff = RadixSelect.Find(Magnitudes, Magnitudes, Keys, _k);
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!cutoff.Keeps(_magnitudes[i], _magnitudes[i], _keys[i])) continue;
            (_magnitudes[kept], _gradients[kept], _keys[kept]) = (_magnitudes[i], _gradients[i], _keys[i]);
            kept++;
        }
        Count = kept;
        _threshold = cutoff.Score;
    }

    static int Capacity(int k) => (int)Math.Min(2L * k + 1024, Array.MaxLength);
}
