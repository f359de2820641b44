namespace EdgeDropBack.Kernels;

/// <summary>
/// Depthwise forward and, phase by phase, backward data: every grid position is one chain over the taps, and the taps' shifted windows are
/// added a few hundred positions at a time. (sample, channel) planes are dealt out by index.
/// </summary>
sealed unsafe class DepthwiseJob : Job
{
    const int Positions = GemmTuning.BlockDepth;

    Workers _workers = null!;
    ConvShape _shape;
    Phase _phase;
    PlaneWindow _window;
    PlaneSink _sink;
    WeightView _weights;
    float* _source;
    int _sourcePlane, _taps;
    bool _backward;

    public static void Run(Workers workers, float* source, in WeightView weights, float* bias, in ConvShape s, float* destination, bool backward)
    {
        var job = JobCache<DepthwiseJob>.Instance;
        job._workers = workers;
        job._shape = s;
        job._weights = weights;
        job._source = source;
        job._backward = backward;
        if (!backward)
        {
            job._window = new PlaneWindow(s.InHeight, s.InWidth, s.OutHeight, s.OutWidth, s.StrideHeight, s.StrideWidth);
            job._sink = PlaneSink.Output(destination, bias, s);
            (job._sourcePlane, job._taps) = (s.InPlane, s.Taps);
            workers.Run(job);
            return;
        }
        job._sourcePlane = s.OutPlane;
        for (var y = 0; y < Math.Min(s.StrideHeight, s.InHeight); y++)
        {
            for (var x = 0; x < Math.Min(s.StrideWidth, s.InWidth); x++)
            {
                job._phase = new Phase(s, y, x);
                job._window = new PlaneWindow(s.OutHeight, s.OutWidth, job._phase.Height, job._phase.Width, 1, 1);
                job._sink = PlaneSink.Input(destination, s, job._phase);
                job._taps = job._phase.Taps;
                workers.Run(job);
            }
        }
    }

    public override void Run(int part, int parts)
    {
        var sums = _workers.Scratch(part, 5 * Positions + 4 * _shape.Taps);
        var staging = sums + Positions;
        var kernel = staging + 4 * Positions;
        var weights = kernel + _shape.Taps;
        var offsets = (int*)(weights + _shape.Taps);
        for (var t = 0; t < _taps; t++)
            (offsets[2 * t], offsets[2 * t + 1]) = Offset(t);
        var planes = (long)_shape.Batch * _shape.InChannels;
        for (var plane = planes * part / parts; plane < planes * (part + 1) / parts; plane++)
        {
            var channel = (int)(plane % _shape.InChannels);
            var stored = _weights.Load((long)channel * _shape.Taps, _shape.Taps, kernel);
            for (var t = 0; t < _taps; t++)
                weights[t] = stored[_backward ? _phase.Tap(t) : t];
            Plane((int)(plane / _shape.InChannels), channel, weights, offsets, sums, staging);
        }
    }

    (int Y, int X) Offset(int tap) => _backward ? _phase.Offset(tap) : (tap / _shape.KernelWidth * _shape.DilationHeight - _shape.PadTop,
        tap % _shape.KernelWidth * _shape.DilationWidth - _shape.PadLeft);

    void Plane(int sample, int channel, float* weights, int* offsets, float* sums, float* staging)
    {
        var source = _source + ((nint)sample * _shape.InChannels + channel) * _sourcePlane;
        for (var start = 0; start < _window.GridPlane; start += Positions)
        {
            var count = Math.Min(Positions, _window.GridPlane - start);
            new Span<float>(sums, count).Clear();
            var t = 0;
            for (; t + 4 <= _taps; t += 4)
            {
                var l0 = Line(source, offsets + 2 * t, start, count, staging);
                var l1 = Line(source, offsets + 2 * t + 2, start, count, staging + Positions);
                var l2 = Line(source, offsets + 2 * t + 4, start, count, staging + 2 * Positions);
                var l3 = Line(source, offsets + 2 * t + 6, start, count, staging + 3 * Positions);
                Chains.Add(weights + t, l0, l1, l2, l3, sums, count);
            }
            for (; t < _taps; t++)
                Chains.Add(weights[t], Line(source, offsets + 2 * t, start, count, staging), sums, count);
            _sink.Store(channel, sums, 0, 0, 1, sample * _window.GridPlane + start, count);
        }
    }

    float* Line(float* source, int* offset, int start, int count, float* staging) =>
        _window.Load(source, offset[0], offset[1], start, count, staging);
}
