namespace EdgeDropBack.Kernels;

/// <summary>
/// A convolution whose weights are zero but for their tracked entries, forward or one phase of backward data: planes are copied between zeros
/// once, and an entry is one multiply-add over a whole plane. Every output is one FMA chain in the order of the dense kernels. Samples are
/// dealt out by index.
/// </summary>
sealed unsafe partial class SparseConvolutionJob : Job
{
    const int Skipped = -1;

    Workers _workers = null!;
    SparseWeights _weights;
    PlaneSink _sink;
    DirectShape _shape;
    Phase _phase;
    float* _source;
    int _taps;
    bool _backward;

    /// <summary>Whether the scratch is small enough.</summary>
    public static bool Takes(in WeightSource weights, in DirectShape shape) => SparseTuning.Takes(weights) && Fits(shape);

    static bool Fits(in DirectShape shape) => Math.Max(shape.CopyFloats, (long)shape.Rows * shape.SumStride) <= SparseTuning.MaximumFloats;

    public static void Forward(Workers workers, float* x, in SparseWeights weights, in ConvShape s, in DirectShape shape, in PlaneSink sink)
    {
        var job = JobCache<SparseConvolutionJob>.Instance;
        job._backward = false;
        job.Start(workers, x, weights, s, shape, sink);
    }

    public static void Backward(Workers workers, float* dy, in SparseWeights weights, in ConvShape s, in Phase phase, in DirectShape shape,
        in PlaneSink sink)
    {
        var job = JobCache<SparseConvolutionJob>.Instance;
        (job._backward, job._phase) = (true, phase);
        job.Start(workers, dy, weights, s, shape, sink);
    }

    void Start(Workers workers, float* source, in SparseWeights weights, in ConvShape s, in DirectShape shape, in PlaneSink sink)
    {
        _workers = workers;
        _source = source;
        (_weights, _shape, _sink, _taps) = (weights, shape, sink, s.Taps);
        workers.Run(this);
    }

    /// <summary>Columns of the stored weights: (input channel of the group, tap).</summary>
    int Columns => (_backward ? _shape.Rows : _shape.Channels) * _taps;

    public override void Run(int part, int parts)
    {
        ref readonly var s = ref _shape;
        long units = (long)s.Groups * s.Batch, first = units * part / parts, end = units * (part + 1) / parts;
        if (first == end)
            return;
        var sumFloats = (nint)s.SumStride * (_backward ? s.Rows : 1);
        var copies = _workers.Scratch(part, s.CopyFloats + sumFloats + Columns);
        var sums = copies + s.CopyFloats;
        var offsets = (int*)(sums + sumFloats);
        ListOffsets(offsets);
        new Span<float>(copies, (int)s.CopyFloats).Clear();
        for (var unit = first; unit < end; unit++)
        {
            int group = (int)(unit / s.Batch), sample = (int)(unit % s.Batch);
            var planes = _source + ((nint)sample * s.Groups + group) * s.Channels * s.SourcePlane;
            for (var c = 0; c < s.Channels; c++)
                s.Padded.Fill(planes + (nint)c * s.SourcePlane, copies + (nint)c * s.Padded.Floats);
            if (_backward)
                Lines(group, sample, copies, offsets, sums);
            else
                Rows(group, sample, copies, offsets, sums);
        }
    }

    /// <summary>Where a stored column's run over the outputs starts: in all copies (forward), or in the copy of a row's plane (backward).</summary>
    void ListOffsets(int* offsets)
    {
        if (!_backward)
        {
            for (var c = 0; c < Columns; c++)
                offsets[c] = _shape.Offset(c);
            return;
        }
        new Span<int>(offsets, Columns).Fill(Skipped);
        for (var t = 0; t < _phase.Taps; t++)
            for (var c = _phase.Tap(t); c < Columns; c += _taps)
                offsets[c] = _shape.Offset(t);
    }

    /// <summary>An output channel's entries are its chains.</summary>
    void Rows(int group, int sample, float* copies, int* offsets, float* sums)
    {
        for (var row = 0; row < _shape.Rows; row++)
        {
            new Span<float>(sums, _shape.SumStride).Clear();
            var start = ((long)group * _shape.Rows + row) * Columns;
            var runs = new EntryRuns(_weights, Columns, start, start + Columns);
            while (runs.MoveNext())
                SparseChains.Gather(runs, offsets, copies, sums, _shape.SumStride);
            _sink.StorePlane(group, row, sample, sums, _shape.Padded.Pitch, _shape.GridHeight, _shape.GridWidth);
        }
    }

    /// <summary>An output channel's entries are the next link of many input channels' chains.</summary>
    void Lines(int group, int sample, float* copies, int* offsets, float* sums)
    {
        new Span<float>(sums, _shape.Rows * _shape.SumStride).Clear();
        var start = (long)group * _shape.Channels * Columns;
        var runs = new EntryRuns(_weights, Columns, start, start + (long)_shape.Channels * Columns);
        while (runs.MoveNext())
        {
            var copy = copies + (nint)(runs.Row - group * _shape.Channels) * _shape.Padded.Floats;
            for (var e = 0; e < runs.Count; e++)
            {
                var column = (int)(runs.Indices[e] + runs.Shift);
                if (offsets[column] != Skipped)
                    Chains.Add(runs.Values[e], copy + offsets[column], sums + (nint)(column / _taps) * _shape.SumStride, _shape.Positions);
            }
        }
        for (var row = 0; row < _shape.Rows; row++)
            _sink.StorePlane(group, row, sample, sums + (nint)row * _shape.SumStride, _shape.Padded.Pitch, _shape.GridHeight, _shape.GridWidth);
    }
}
