namespace EdgeDropBack.Kernels;

/// <summary>Weights of one phase of the backward-data product: lane = ic of the group, depth = (oc of the group, tap of the phase).</summary>
unsafe struct TapWeights(WeightView weights, in ConvShape s, in Phase phase) : IOperand
{
    /// <summary>Weights loaded at a time.</summary>
    public const int ChunkFloats = 1024;

    readonly Phase _phase = phase;
    readonly int _taps = s.Taps;
    readonly int _channels = s.InChannels / s.Groups;
    readonly int _groupOutputs = s.OutChannels / s.Groups;

    /// <summary>Kernels of one tap: stored rows are depths.</summary>
    readonly WeightOperand Lines => new(weights, _channels, (long)_groupOutputs * _channels, alongDepth: false);

    public readonly void Pack(int group, int lane, int lanes, int depthStart, int depth, int width, nint panelStride, float* destination,
        float* staging)
    {
        if (_taps == 1)
        {
            Lines.Pack(group, lane, lanes, depthStart, depth, width, panelStride, destination, staging);
            return;
        }
        var panels = GemmTuning.DivideUp(lanes, width);
        if (lanes % width != 0)
            new Span<float>(destination + (panels - 1) * panelStride, depth * width).Clear();
        var taps = stackalloc int[Math.Min(_phase.Taps, ChunkFloats)];
        for (var t = 0; t < Math.Min(_phase.Taps, ChunkFloats); t++)
            taps[t] = _phase.Tap(t);
        var end = depthStart + depth;
        for (var output = depthStart / _phase.Taps; output * _phase.Taps < end; output++)
        {
            var first = Math.Max(0, depthStart - output * _phase.Taps);
            var last = Math.Min(_phase.Taps, end - output * _phase.Taps);
            var flat = ((long)(group * _groupOutputs + output) * _channels + lane) * _taps;
            var origin = (nint)(output * _phase.Taps - depthStart) * width;
            var chunk = ChunkFloats / _taps;
            if (chunk == 0)
                PackTaps(flat, lanes, first, last, width, panelStride, destination + origin, staging);
            for (var l = 0; chunk > 0 && l < lanes; l += chunk)
            {
                var count = Math.Min(chunk, lanes - l);
                var run = weights.Load(flat + (long)l * _taps, count * _taps, staging);
                for (var i = l; i < l + count; i++, run += _taps)
                {
                    var packed = destination + i / width * panelStride + origin + i % width;
                    for (var t = first; t < last; t++)
                        packed[(nint)t * width] = run[taps[t]];
                }
            }
        }
    }

    public readonly float* Rows(int group, int lane, int depthStart, out nint laneStride)
    {
        laneStride = 0;
        return null;
    }

    /// <summary>Kernels larger than the staging: one weight at a time.</summary>
    readonly void PackTaps(long flat, int lanes, int first, int last, int width, nint panelStride, float* destination, float* staging)
    {
        for (var i = 0; i < lanes; i++)
            for (var t = first; t < last; t++)
                destination[i / width * panelStride + i % width + (nint)t * width] = *weights.Load(flat + (long)i * _taps + _phase.Tap(t), 1, staging);
    }
}
