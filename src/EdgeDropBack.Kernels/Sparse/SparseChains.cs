using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>The links that one run of entries adds to chains, side by side in vectors.</summary>
static unsafe class SparseChains
{
    /// <summary>sums[i] = chain over the run of value x source[offsets[column] + i], going on from sums[i].</summary>
    /// <param name="offsets">By column.</param>
    /// <param name="lanes">A multiple of 8.</param>
    public static void Gather(in EntryRuns run, int* offsets, float* source, float* sums, int lanes)
    {
        var values = run.Values;
        var indices = run.Indices;
        var places = offsets + run.Shift;
        var i = 0;
        for (; i + 32 <= lanes; i += 32)
        {
            Vector256<float> s0 = Vector256.Load(sums + i), s1 = Vector256.Load(sums + i + 8);
            Vector256<float> s2 = Vector256.Load(sums + i + 16), s3 = Vector256.Load(sums + i + 24);
            for (nint e = 0; e < run.Count; e++)
            {
                var line = source + places[indices[e]] + i;
                var value = Vector256.Create(values[e]);
                s0 = Vector256.FusedMultiplyAdd(value, Vector256.Load(line), s0);
                s1 = Vector256.FusedMultiplyAdd(value, Vector256.Load(line + 8), s1);
                s2 = Vector256.FusedMultiplyAdd(value, Vector256.Load(line + 16), s2);
                s3 = Vector256.FusedMultiplyAdd(value, Vector256.Load(line + 24), s3);
            }
            s0.Store(sums + i);
            s1.Store(sums + i + 8);
            s2.Store(sums + i + 16);
            s3.Store(sums + i + 24);
        }
        for (; i < lanes; i += 8)
        {
            var sum = Vector256.Load(sums + i);
            for (nint e = 0; e < run.Count; e++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(values[e]), Vector256.Load(source + places[indices[e]] + i), sum);
            sum.Store(sums + i);
        }
    }

    /// <summary>sums[column, i] = fma(value, line[i], sums[column, i]) for every entry of the run.</summary>
    /// <param name="lanes">Of the line and of a column's sums; a multiple of 8.</param>
    public static void Scatter(in EntryRuns run, float* line, float* sums, int lanes)
    {
        var values = run.Values;
        var indices = run.Indices;
        var origin = sums + run.Shift * lanes;
        if (lanes != SparseTuning.Lanes)
        {
            for (nint e = 0; e < run.Count; e++)
                Chains.Add(values[e], line, origin + indices[e] * lanes, lanes);
            return;
        }
        Vector256<float> l0 = Vector256.Load(line), l1 = Vector256.Load(line + 8), l2 = Vector256.Load(line + 16), l3 = Vector256.Load(line + 24);
        for (nint e = 0; e < run.Count; e++)
        {
            var to = origin + (nint)indices[e] * SparseTuning.Lanes;
            var value = Vector256.Create(values[e]);
            Vector256.FusedMultiplyAdd(value, l0, Vector256.Load(to)).Store(to);
            Vector256.FusedMultiplyAdd(value, l1, Vector256.Load(to + 8)).Store(to + 8);
            Vector256.FusedMultiplyAdd(value, l2, Vector256.Load(to + 16)).Store(to + 16);
            Vector256.FusedMultiplyAdd(value, l3, Vector256.Load(to + 24)).Store(to + 24);
        }
    }
}
