using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// y = alpha * (x W) + bias where W is zero but for its tracked entries: samples are the lanes, and entries are walked once for every
/// <see cref="SparseTuning.Lanes"/> of them. Every output is one FMA chain over k, ascending, as in the dense products; what is left out are
/// links with a zero weight. Samples are dealt out by index.
/// </summary>
sealed unsafe partial class SparseProductJob : Job
{
    const int Vector = 8;

    /// <summary>Depths, or outputs, that are turned at a time: all their lanes stay in the first-level cache.</summary>
    const int TurnedLines = 64;

    Workers _workers = null!;
    SparseWeights _weights;
    bool _transposed;
    float* _x;
    float* _bias;
    float* _y;
    float _alpha;
    int _xStride, _m, _n, _k;

    public static void Run(Workers workers, float* x, int xStride, in SparseWeights weights, bool transposed, float* bias, float alpha, float* y,
        int m, int n, int k)
    {
        var job = JobCache<SparseProductJob>.Instance;
        job._workers = workers;
        job._x = x;
        job._bias = bias;
        job._y = y;
        (job._weights, job._transposed, job._alpha) = (weights, transposed, alpha);
        (job._xStride, job._m, job._n, job._k) = (xStride, m, n, k);
        workers.Run(job);
    }

    public override void Run(int part, int parts)
    {
        var vectors = (long)GemmTuning.DivideUp(_m, Vector);
        int start = (int)(vectors * part / parts) * Vector, end = Math.Min(_m, (int)(vectors * (part + 1) / parts) * Vector);
        if (start >= end)
            return;
        var widest = Math.Min(SparseTuning.Lanes, GemmTuning.RoundUp(end - start, Vector));
        var turned = _workers.Scratch(part, ((nint)_k + _n) * widest + _k);
        var sums = turned + (nint)_k * widest;
        var offsets = (int*)(sums + (nint)_n * widest);
        for (var sample = start; sample < end; sample += SparseTuning.Lanes)
        {
            var samples = Math.Min(SparseTuning.Lanes, end - sample);
            var lanes = GemmTuning.RoundUp(samples, Vector);
            Turn(_x + (nint)sample * _xStride, samples, turned, lanes);
            new Span<float>(sums, _n * lanes).Clear();
            if (_transposed)
                Rows(turned, offsets, sums, lanes);
            else
                Lines(turned, sums, lanes);
            Store(_y + (nint)sample * _n, samples, sums, lanes);
        }
    }

    /// <summary>turned[d, lane] = x[sample, d]; lanes beyond the last sample repeat it and are not stored.</summary>
    void Turn(float* x, int samples, float* turned, int lanes)
    {
        for (var d = 0; d < _k; d += TurnedLines)
        {
            for (var l = 0; l < lanes; l += 4)
                Packing.Interleave4(Sample(l, d), Sample(l + 1, d), Sample(l + 2, d), Sample(l + 3, d), Math.Min(TurnedLines, _k - d),
                    turned + (nint)d * lanes + l, lanes);
        }

        float* Sample(int lane, int depth) => x + (nint)Math.Min(lane, samples - 1) * _xStride + depth;
    }

    /// <summary>W stored [n, k]: a row's entries are one output's chains.</summary>
    void Rows(float* turned, int* offsets, float* sums, int lanes)
    {
        for (var d = 0; d < _k; d++)
            offsets[d] = d * lanes;
        var runs = new EntryRuns(_weights, _k, 0, (long)_n * _k);
        while (runs.MoveNext())
            SparseChains.Gather(runs, offsets, turned, sums + (nint)runs.Row * lanes, lanes);
    }

    /// <summary>W stored [k, n]: a row's entries are the next link of many outputs' chains.</summary>
    void Lines(float* turned, float* sums, int lanes)
    {
        var runs = new EntryRuns(_weights, _n, 0, (long)_n * _k);
        while (runs.MoveNext())
            SparseChains.Scatter(runs, turned + (nint)runs.Row * lanes, sums, lanes);
    }

    /// <summary>y[sample, output] = sums[output, sample] * alpha + bias[output].</summary>
    void Store(float* y, int samples, float* sums, int lanes)
    {
        for (var o = 0; o < _n && (_alpha != 1 || _bias != null); o++)
            Finish(sums + (nint)o * lanes, lanes, _bias == null ? null : _bias + o);
        for (var output = 0; output < _n; output += TurnedLines)
            for (var sample = 0; sample < samples; sample += 4)
                StoreBlock(y, sample, Math.Min(4, samples - sample), output, Math.Min(output + TurnedLines, _n), sums, lanes);
    }

    void StoreBlock(float* y, int sample, int count, int output, int end, float* sums, int lanes)
    {
        for (; output + 4 <= end; output += 4)
        {
            var from = sums + (nint)output * lanes + sample;
            Packing.Interleave4(from, from + lanes, from + 2 * lanes, from + 3 * lanes, count, y + (nint)sample * _n + output, _n);
        }
        for (; output < end; output++)
            for (var s = sample; s < sample + count; s++)
                y[(nint)s * _n + output] = sums[(nint)output * lanes + s];
    }

    void Finish(float* row, int lanes, float* bias)
    {
        for (var i = 0; i < lanes; i += Vector)
        {
            var value = Vector256.Load(row + i);
            if (_alpha != 1)
                value *= Vector256.Create(_alpha);
            if (bias != null)
                value += Vector256.Create(*bias);
            value.Store(row + i);
        }
    }
}
