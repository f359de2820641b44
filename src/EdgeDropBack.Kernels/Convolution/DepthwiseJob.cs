using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Depthwise forward and backward data: eight planes are the eight lanes, every source row is interleaved between zeros once, a tap is a shift,
/// and every output is one chain over the taps. Planes (sample, channel) are dealt out by index, eight at a time.
/// </summary>
sealed unsafe partial class DepthwiseJob : Job
{
    const int Lanes = PlaneLanes.Count;

    Workers _workers = null!;
    ConvShape _shape;
    WeightView _weights;
    DepthwiseTaps _taps;
    float* _source;
    float* _bias;
    float* _destination;

    public static void Run(Workers workers, float* source, in WeightView weights, float* bias, in ConvShape s, float* destination, bool backward)
    {
        var job = JobCache<DepthwiseJob>.Instance;
        job._workers = workers;
        (job._shape, job._weights, job._taps) = (s, weights, new DepthwiseTaps(s, backward));
        job._source = source;
        job._bias = bias;
        job._destination = destination;
        workers.Run(job);
    }

    public override void Run(int part, int parts)
    {
        long planes = (long)_shape.Batch * _shape.InChannels, units = (planes + Lanes - 1) / Lanes;
        long first = units * part / parts, end = units * (part + 1) / parts;
        if (first == end)
            return;
        var t = _taps;
        var ring = _workers.Scratch(part, t.ScratchFloats(_shape));
        var zeroLine = ring + t.RingFloats;
        var results = zeroLine + t.LineFloats;
        var laneWeights = results + Lanes * t.DestinationWidth;
        var laneOffsets = laneWeights + Lanes * _shape.Taps;
        var staging = laneOffsets + Lanes;
        var grids = (DepthwiseGrid*)(staging + _shape.Taps * _shape.InChannels);
        var taps = (DepthwiseTap*)(grids + t.Grids);
        var lines = (float**)(taps + _shape.Taps);
        new Span<float>(ring, (int)(t.RingFloats + t.LineFloats)).Clear();
        t.List(grids, taps);
        var weights = _weights.Load(0, (nint)_shape.InChannels * _shape.Taps, staging);
        for (var unit = first; unit < end; unit++)
        {
            var plane = unit * Lanes;
            var present = (int)Math.Min(Lanes, planes - plane);
            var channel = (int)(plane % _shape.InChannels);
            for (var lane = 0; lane < Lanes; lane++, channel = channel + 1 < _shape.InChannels ? channel + 1 : 0)
            {
                for (var tap = 0; tap < t.Listed; tap++)
                    laneWeights[Lanes * tap + lane] = weights[(nint)channel * _shape.Taps + taps[tap].Weight];
                laneOffsets[lane] = _bias == null ? 0 : _bias[channel];
            }
            Planes((nint)plane, present, grids, taps, lines, ring, zeroLine, laneWeights, Vector256.Load(laneOffsets), results);
        }
    }

    /// <summary>Destination rows in order; the source rows under their taps stay in the ring.</summary>
    void Planes(nint plane, int present, DepthwiseGrid* grids, DepthwiseTap* taps, float** lines, float* ring, float* zeroLine, float* weights,
        Vector256<float> offsets, float* results)
    {
        var t = _taps;
        var source = _source + plane * t.SourceHeight * t.SourceWidth;
        var destination = _destination + plane * t.DestinationHeight * t.DestinationWidth;
        var next = 0;
        for (var y = 0; y < t.DestinationHeight; y++, destination += t.DestinationWidth)
        {
            var top = y / t.PhasesY * t.RowStep;
            for (next = Math.Max(next, top + t.FirstRow); next < Math.Min(t.SourceHeight, top + t.FirstRow + t.Rows); next++)
                PlaneLanes.Interleave(source + (nint)next * t.SourceWidth, (nint)t.SourceHeight * t.SourceWidth, present, zeroLine, t.Copied,
                    ring + next % t.RingRows * t.LineFloats + Lanes * t.Left);
            for (var x = 0; x < t.PhasesX; x++)
            {
                ref readonly var grid = ref grids[y % t.PhasesY * t.PhasesX + x];
                for (var tap = 0; tap < grid.Taps; tap++)
                {
                    var row = top + taps[grid.First + tap].Row;
                    var line = row < 0 || row >= t.SourceHeight ? zeroLine : ring + row % t.RingRows * t.LineFloats;
                    lines[tap] = line + Lanes * taps[grid.First + tap].Column;
                }
                Chains(weights + Lanes * grid.First, lines, grid.Taps, t.ColumnStep, offsets, results + Lanes * x, t.PhasesX, grid.Width);
            }
            PlaneLanes.Separate(results, t.DestinationWidth, present, destination, (nint)t.DestinationHeight * t.DestinationWidth);
        }
    }

    /// <summary>results[i * spread] = one chain over the taps of weight x line[i * step], from 0, then + offset; eight lanes each.</summary>
    void Chains(float* weights, float** lines, int taps, int step, Vector256<float> offsets, float* results, int spread, int count)
    {
        nint stride = Lanes * step, apart = Lanes * spread, i = 0;
        for (; i + 4 <= count; i += 4, results += 4 * apart)
        {
            Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var t = 0; t < taps; t++)
            {
                var line = lines[t] + i * stride;
                var w = Vector256.Load(weights + Lanes * t);
                s0 = Vector256.FusedMultiplyAdd(w, Vector256.Load(line), s0);
                s1 = Vector256.FusedMultiplyAdd(w, Vector256.Load(line + stride), s1);
                s2 = Vector256.FusedMultiplyAdd(w, Vector256.Load(line + 2 * stride), s2);
                s3 = Vector256.FusedMultiplyAdd(w, Vector256.Load(line + 3 * stride), s3);
            }
            if (_bias != null)
                (s0, s1, s2, s3) = (s0 + offsets, s1 + offsets, s2 + offsets, s3 + offsets);
            s0.Store(results);
            s1.Store(results + apart);
            s2.Store(results + 2 * apart);
            s3.Store(results + 3 * apart);
        }
        for (; i < count; i++, results += apart)
        {
            Vector256<float> sum = default;
            for (var t = 0; t < taps; t++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(weights + Lanes * t), Vector256.Load(lines[t] + i * stride), sum);
            (_bias != null ? sum + offsets : sum).Store(results);
        }
    }
}
