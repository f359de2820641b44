using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// y = alpha * (x W) + bias for a few dozen rows x: samples are the lanes and weights are broadcast, so that weights are read where they lie
/// (or from a staged copy, where some are tracked) and are never turned. Blocks of outputs are dealt out by index; every output stays one FMA
/// chain over k, ascending.
/// </summary>
sealed unsafe partial class ThinProductJob : Job
{
    const int Width = MicroKernels.ThinColumns;
    const int Height = MicroKernels.ThinRows;

    /// <summary>Outputs of a block and depth of its staged weights, for W stored [n, k] and [k, n].</summary>
    const int RowOutputs = 8 * Height, RowDepth = 2 * GemmTuning.BlockDepth;
    const int LineOutputs = 160 * Height, LineDepth = 64, LineStride = LineOutputs + 16;

    /// <summary>Turned samples stay in the second-level cache.</summary>
    const int MaximumFloats = 128 * 1024;

    Workers _workers = null!;
    WeightOperand _weights;
    bool _transposed;
    float* _x;
    float* _bias;
    float* _y;
    float _alpha;
    int _xStride, _m, _n, _k, _lanes;

    /// <summary>Whether this path is worth taking; it gives the same bits as the other.</summary>
    public static bool Takes(in MicroKernel kernel, int m, int k)
    {
        var lanes = GemmTuning.RoundUp(m, Width);
        return kernel.HasThin && lanes <= 64 && (long)lanes * k <= MaximumFloats && lanes * 8 <= 9 * GemmTuning.RoundUp(m, kernel.Rows);
    }

    public static void Run(Workers workers, float* x, int xStride, in WeightOperand weights, bool transposed, float* bias, float alpha, float* y,
        int m, int n, int k)
    {
        var job = JobCache<ThinProductJob>.Instance;
        job._workers = workers;
        job._x = x;
        job._bias = bias;
        job._y = y;
        (job._xStride, job._m, job._n, job._k, job._alpha) = (xStride, m, n, k, alpha);
        (job._weights, job._transposed, job._lanes) = (weights, transposed, GemmTuning.RoundUp(m, Width));
        workers.Run(job);
    }

    int Outputs => _transposed ? RowOutputs : LineOutputs;

    int Depth => _transposed ? RowDepth : LineDepth;

    public override void Run(int part, int parts)
    {
        var samples = _workers.Scratch(part, (nint)_lanes * _k + LineOutputs * _lanes + LineDepth * LineStride + Packing.StagingFloats);
        var sums = samples + (nint)_lanes * _k;
        var staging = sums + LineOutputs * _lanes;
        var blocks = (long)GemmTuning.DivideUp(_n, Outputs);
        long first = blocks * part / parts, end = blocks * (part + 1) / parts;
        if (first == end)
            return;
        TurnSamples(samples, staging);
        for (var block = first; block < end; block++)
        {
            var output = (int)block * Outputs;
            var outputs = Math.Min(Outputs, _n - output);
            if (_k == 0)
                new Span<float>(sums, outputs * _lanes).Clear();
            for (var start = 0; start < _k; start += Depth)
            {
                var depth = Math.Min(Depth, _k - start);
                if (_transposed)
                    Rows(output, outputs, start, depth, samples + (nint)start * _lanes, sums, staging);
                else
                    Lines(output, outputs, start, depth, samples + (nint)start * _lanes, sums, staging);
            }
            Store(output, outputs, sums);
        }
    }

    /// <summary>Depth blocks, each of panels [depth, <see cref="Width"/>]; lanes beyond the last sample are zero.</summary>
    void TurnSamples(float* samples, float* staging)
    {
        var source = new DenseOperand(_x, _xStride, 1);
        for (var start = 0; start < _k; start += Depth)
        {
            var depth = Math.Min(Depth, _k - start);
            source.Pack(0, 0, _m, start, depth, Width, (nint)depth * Width, samples + (nint)start * _lanes, staging);
        }
    }

    /// <summary>W stored [n, k]: an output's weights are a line; missing lines repeat the last.</summary>
    void Rows(int output, int outputs, int start, int depth, float* samples, float* sums, float* staging)
    {
        var lines = stackalloc float*[RowOutputs];
        for (var o = 0; o < outputs; o++)
            lines[o] = _weights.Load(0, output + o, start, depth, staging + o * RowDepth);
        for (var o = outputs; o < GemmTuning.RoundUp(outputs, Height); o++)
            lines[o] = lines[outputs - 1];
        var (nextOutput, nextStart) = start + depth < _k ? (output, start + depth) : (output + outputs, 0);
        int nextLines = Math.Min(RowOutputs, _n - nextOutput), nextCount = Math.Min(RowDepth, _k - nextStart);
        for (var lane = 0; lane < _lanes; lane += Width, samples += (nint)depth * Width)
        {
            for (var o = 0; o < outputs; o += Height)
            {
                for (var l = o; lane == 0 && l < Math.Min(o + Height, nextLines); l++)
                    _weights.Prefetch(nextOutput + l, nextStart, nextCount);
                MicroKernels.ThinRowsAvx2(depth, lines + o, samples, sums + (nint)o * _lanes + lane, _lanes, start == 0);
            }
        }
    }

    /// <summary>W stored [k, n]: staged lines, a kernel's weights side by side.</summary>
    void Lines(int output, int outputs, int start, int depth, float* samples, float* sums, float* staging)
    {
        for (var d = 0; d < depth; d++)
        {
            var staged = staging + (nint)d * LineStride;
            var line = _weights.Load(0, start + d, output, outputs, staged);
            if (line != staged)
                new Span<float>(line, outputs).CopyTo(new Span<float>(staged, outputs));
            for (var o = outputs; o < GemmTuning.RoundUp(outputs, Height); o++)
                staged[o] = 0;
        }
        var (nextOutput, nextStart) = start + depth < _k ? (output, start + depth) : (output + outputs, 0);
        int nextLines = Math.Min(LineDepth, _k - nextStart), nextCount = Math.Min(LineOutputs, _n - nextOutput), asked = 0;
        for (var lane = 0; lane < _lanes; lane += Width, samples += (nint)depth * Width)
        {
            for (var o = 0; o < outputs; o += Height)
            {
                for (; lane == 0 && asked < nextLines && asked * outputs < o * nextLines && nextCount > 0; asked++)
                    _weights.Prefetch(nextStart + asked, nextOutput, nextCount);
                MicroKernels.ThinLinesAvx2(depth, staging + o, LineStride, samples, sums + (nint)o * _lanes + lane, _lanes, start == 0);
            }
        }
    }

    /// <summary>y[sample, output] = sums[output, sample] * alpha + bias[output], four samples at a time.</summary>
    void Store(int output, int outputs, float* sums)
    {
        for (var o = 0; o < outputs && (_alpha != 1 || _bias != null); o++)
            Finish(sums + (nint)o * _lanes, _bias == null ? null : _bias + output + o);
        var y = _y + output;
        for (var sample = 0; sample < _m; sample += 4)
        {
            var count = Math.Min(4, _m - sample);
            var to = y + (nint)sample * _n;
            var from = sums + sample;
            var o = 0;
            for (; o + 4 <= outputs; o += 4, from += 4 * _lanes)
                Packing.Interleave4(from, from + _lanes, from + 2 * _lanes, from + 3 * _lanes, count, to + o, _n);
            for (; o < outputs; o++, from += _lanes)
                for (var s = 0; s < count; s++)
                    to[(nint)s * _n + o] = from[s];
        }
    }

    void Finish(float* row, float* bias)
    {
        for (var i = 0; i < _lanes; i += 8)
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
