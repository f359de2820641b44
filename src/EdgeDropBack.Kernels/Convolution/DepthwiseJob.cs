using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Depthwise forward and backward data: each plane is copied between zeros once, and every output is one chain over the taps, eight outputs
/// a vector. (channel, sample) planes are dealt out by index.
/// </summary>
sealed unsafe partial class DepthwiseJob : Job
{
    const int GridInts = 6;

    Workers _workers = null!;
    ConvShape _shape;
    PaddedPlane _padded;
    WeightView _weights;
    float* _source;
    float* _bias;
    float* _destination;
    int _sourcePlane, _destinationPlane, _destinationWidth, _offsetY, _offsetX, _sums;
    bool _backward;

    public static void Run(Workers workers, float* source, in WeightView weights, float* bias, in ConvShape s, float* destination, bool backward)
    {
        var job = JobCache<DepthwiseJob>.Instance;
        job._workers = workers;
        (job._shape, job._weights, job._backward) = (s, weights, backward);
        job._source = source;
        job._bias = bias;
        job._destination = destination;
        if (backward)
            job.PrepareBackward();
        else
            job.PrepareForward();
        workers.Run(job);
    }

    void PrepareForward()
    {
        var s = _shape;
        (_sourcePlane, _destinationPlane, _destinationWidth) = (s.InPlane, s.OutPlane, s.OutWidth);
        _padded = PaddedPlane.Inputs(s);
        _sums = s.OutHeight * _padded.Pitch;
    }

    void PrepareBackward()
    {
        var s = _shape;
        (_sourcePlane, _destinationPlane, _destinationWidth) = (s.OutPlane, s.InPlane, s.InWidth);
        int minY = 0, minX = 0, endY = 1, endX = 1;
        for (var grid = 0; grid < Grids; grid++)
        {
            var phase = PhaseOf(grid);
            for (var t = 0; t < phase.Taps; t++)
            {
                var (y, x) = phase.Offset(t);
                (minY, minX, endY, endX) = (Math.Min(minY, y), Math.Min(minX, x), Math.Max(endY, y + phase.Height), Math.Max(endX, x + phase.Width));
            }
        }
        (_offsetY, _offsetX) = (-minY, -minX);
        _padded = new PaddedPlane(s.OutHeight, s.OutWidth, -minY, -minX, endY - minY, endX - minX, 1, 1, 1, 1);
        _sums = GemmTuning.DivideUp(s.InHeight, s.StrideHeight) * Math.Max(_padded.Pitch, GemmTuning.DivideUp(s.InWidth, s.StrideWidth));
    }

    int PhasesX => Math.Min(_shape.StrideWidth, _shape.InWidth);

    int Grids => _backward ? Math.Min(_shape.StrideHeight, _shape.InHeight) * PhasesX : 1;

    Phase PhaseOf(int grid) => new(_shape, grid / PhasesX, grid % PhasesX);

    public override void Run(int part, int parts)
    {
        var copy = _workers.Scratch(part, _padded.Floats + _sums + 8 + 4 * (nint)_shape.Taps + GridInts * Grids);
        var sums = copy + _padded.Floats;
        var weights = sums + _sums + 8;
        var staging = weights + _shape.Taps;
        var taps = (int*)(staging + _shape.Taps);
        var offsets = taps + _shape.Taps;
        var grids = offsets + _shape.Taps;
        new Span<float>(copy, _padded.Floats).Clear();
        ListTaps(taps, offsets, grids);
        long planes = (long)_shape.Batch * _shape.InChannels, end = planes * (part + 1) / parts;
        var loaded = -1;
        for (var index = planes * part / parts; index < end; index++)
        {
            int channel = (int)(index / _shape.Batch), sample = (int)(index % _shape.Batch);
            if (channel != loaded)
            {
                var stored = _weights.Load((long)channel * _shape.Taps, _shape.Taps, staging);
                for (var t = 0; t < _shape.Taps; t++)
                    weights[t] = stored[taps[t]];
                loaded = channel;
            }
            var plane = (nint)sample * _shape.InChannels + channel;
            _padded.Fill(_source + plane * _sourcePlane, copy);
            for (var grid = 0; grid < Grids; grid++)
                Grid(grids + GridInts * grid, weights, offsets, copy, sums, _destination + plane * _destinationPlane, _bias == null ? null : _bias + channel);
        }
    }

    /// <summary>
    /// The taps of all grids one after the other, where each lies in the copy; and of every grid: first tap, taps, height, width, origin.
    /// </summary>
    void ListTaps(int* taps, int* offsets, int* grids)
    {
        if (!_backward)
        {
            for (var t = 0; t < _shape.Taps; t++)
            {
                taps[t] = t;
                offsets[t] = _padded.Offset(t / _shape.KernelWidth * _shape.DilationHeight, t % _shape.KernelWidth * _shape.DilationWidth);
            }
            (grids[0], grids[1], grids[2], grids[3], grids[4], grids[5]) = (0, _shape.Taps, _shape.OutHeight, _shape.OutWidth, 0, 0);
            return;
        }
        new Span<int>(taps, _shape.Taps).Clear();
        var listed = 0;
        for (var grid = 0; grid < Grids; grid++, grids += GridInts)
        {
            var phase = PhaseOf(grid);
            (grids[0], grids[1], grids[2], grids[3], grids[4], grids[5]) = (listed, phase.Taps, phase.Height, phase.Width, phase.Y, phase.X);
            for (var t = 0; t < phase.Taps; t++, listed++)
            {
                var (y, x) = phase.Offset(t);
                taps[listed] = phase.Tap(t);
                offsets[listed] = _padded.Offset(y + _offsetY, x + _offsetX);
            }
        }
    }

    void Grid(int* grid, float* weights, int* offsets, float* copy, float* sums, float* plane, float* bias)
    {
        int height = grid[2], width = grid[3], pitch = _padded.Pitch;
        if (grid[1] == 0)
            new Span<float>(sums, (height - 1) * pitch + width).Clear();
        else
            Chain(weights + grid[0], offsets + grid[0], grid[1], copy, sums, (height - 1) * pitch + width);
        int stepY = _backward ? _shape.StrideHeight : 1, stepX = _backward ? _shape.StrideWidth : 1;
        for (var y = 0; y < height; y++)
        {
            var row = plane + (nint)(grid[4] + y * stepY) * _destinationWidth + grid[5];
            if (stepX == 1)
                Epilogue.Row(sums + y * pitch, bias, row, width);
            else
                PlaneSink.Spread(sums + y * pitch, row, stepX, width);
        }
    }

    /// <summary>sums[i] = one chain over the taps of weight x copy[offset + i], from 0; writes up to seven sums beyond the last.</summary>
    static void Chain(float* weights, int* offsets, int taps, float* copy, float* sums, int count)
    {
        var i = 0;
        for (; i + 32 <= count; i += 32)
        {
            Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var t = 0; t < taps; t++)
            {
                var line = copy + offsets[t] + i;
                var w = Vector256.Create(weights[t]);
                s0 = Vector256.FusedMultiplyAdd(w, Vector256.Load(line), s0);
                s1 = Vector256.FusedMultiplyAdd(w, Vector256.Load(line + 8), s1);
                s2 = Vector256.FusedMultiplyAdd(w, Vector256.Load(line + 16), s2);
                s3 = Vector256.FusedMultiplyAdd(w, Vector256.Load(line + 24), s3);
            }
            s0.Store(sums + i);
            s1.Store(sums + i + 8);
            s2.Store(sums + i + 16);
            s3.Store(sums + i + 24);
        }
        for (; i < count; i += 8)
        {
            Vector256<float> sum = default;
            for (var t = 0; t < taps; t++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(weights[t]), Vector256.Load(copy + offsets[t] + i), sum);
            sum.Store(sums + i);
        }
    }
}
