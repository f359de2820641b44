namespace EdgeDropBack.Kernels;

/// <summary>
/// Convolution of a sample's planes, each copied between zeros once, without packed patches: a depth of the product is a tap of a channel, one
/// contiguous run over all outputs. For wide enough planes; samples are dealt out by index, and every output is one chain over the depth.
/// </summary>
sealed unsafe class DirectJob<TLeft> : Job where TLeft : struct, IOperand
{
    Workers _workers = null!;
    TLeft _left;
    PlaneSink _sink;
    DirectShape _shape;
    float* _source;

    public static void Run(Workers workers, float* source, in TLeft left, in PlaneSink sink, in DirectShape shape)
    {
        var job = JobCache<DirectJob<TLeft>>.Instance;
        job._workers = workers;
        (job._left, job._sink, job._shape) = (left, sink, shape);
        job._source = source;
        workers.Run(job);
    }

    public override void Run(int part, int parts)
    {
        ref readonly var s = ref _shape;
        long units = (long)s.Groups * s.Batch, first = units * part / parts, end = units * (part + 1) / parts;
        if (first == end)
            return;
        var copies = _workers.Scratch(part, s.ScratchFloats);
        var panels = copies + s.CopyFloats;
        var sums = panels + s.PanelFloats;
        var staging = sums + s.SumFloats;
        var offsets = (int*)(staging + Packing.StagingFloats);
        for (var d = 0; d < s.Depth; d++)
            offsets[d] = s.Offset(d);
        new Span<float>(copies, (int)s.CopyFloats).Clear();
        var packed = -1;
        for (var unit = first; unit < end; unit++)
        {
            int group = (int)(unit / s.Batch), sample = (int)(unit % s.Batch);
            if (group != packed)
                Pack(group, panels, staging);
            packed = group;
            var planes = _source + ((nint)sample * s.Groups + group) * s.Channels * s.SourcePlane;
            for (var c = 0; c < s.Channels; c++)
                s.Padded.Fill(planes + (nint)c * s.SourcePlane, copies + (nint)c * s.Padded.Floats);
            Multiply(copies, panels, offsets, sums);
            for (var r = 0; r < s.Rows; r++)
                _sink.StorePlane(group, r, sample, sums + (nint)r * s.SumStride, s.Padded.Pitch, s.GridHeight, s.GridWidth);
        }
    }

    /// <summary>[panel, depth, row of the panel], depth block by depth block as the operands pack.</summary>
    void Pack(int group, float* panels, float* staging)
    {
        var height = _shape.Kernel.Rows;
        for (var row = 0; row < _shape.Rows; row += height)
        {
            for (var start = 0; start < _shape.Depth; start += GemmTuning.BlockDepth)
            {
                var depth = Math.Min(GemmTuning.BlockDepth, _shape.Depth - start);
                _left.Pack(group, row, Math.Min(height, _shape.Rows - row), start, depth, height, (nint)depth * height,
                    panels + (nint)row * _shape.Depth + (nint)start * height, staging);
            }
        }
    }

    void Multiply(float* copies, float* panels, int* offsets, float* sums)
    {
        ref readonly var kernel = ref _shape.Kernel;
        for (var column = 0; column < _shape.Positions; column += kernel.Columns)
            for (var row = 0; row < _shape.Rows; row += kernel.Rows)
                kernel.RunOffsets(_shape.Depth, panels + (nint)row * _shape.Depth, copies + column, offsets,
                    sums + (nint)row * _shape.SumStride + column, _shape.SumStride);
    }
}
