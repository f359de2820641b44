namespace EdgeDropBack.Kernels;

/// <summary>
/// y = alpha * (x W) + bias for a few dozen rows x: samples are the lanes and weights are broadcast, so that weights are read where they lie
/// (or from a staged copy, where some are tracked) and are never turned. Blocks of outputs are dealt out by index; every output stays one FMA
/// chain over k, ascending.
/// </summary>
sealed unsafe partial class ThinProductJob : Job
{
    /// <summary>
    /// Outputs of a block, multiples of every kernel's rows, and depth of its weights, for W stored [n, k] and [k, n]: long runs of memory, and
    /// a block with the one asked for ahead fits the second-level cache beside the samples.
    /// </summary>
    const int RowOutputs = 24, RowDepth = 1024;
    const int LineOutputs = 480, LineDepth = 64;

    /// <summary>Depth of one kernel run, between which the next block's weights are asked for.</summary>
    const int KernelDepth = 128;

    /// <summary>Staged lines are no multiple of a page apart.</summary>
    const int RowStride = RowDepth + GemmTuning.PanelPadding, LineStride = LineOutputs + GemmTuning.PanelPadding;
    const int StagedFloats = RowOutputs * RowStride > LineDepth * LineStride ? RowOutputs * RowStride : LineDepth * LineStride;

    /// <summary>Turned samples stay in the second-level cache.</summary>
    const int MaximumFloats = 128 * 1024, MaximumLanes = 64;

    Workers _workers = null!;
    WeightOperand _weights;
    bool _transposed;
    float* _x;
    float* _bias;
    float* _y;
    float _alpha;
    int _xStride, _m, _n, _k, _lanes;

    /// <summary>Whether this path is worth taking; it gives the same bits as the other.</summary>
    public static bool Takes(KernelFamily family, int m, int n, int k)
    {
        ref readonly var kernel = ref family.For(n);
        var lanes = GemmTuning.RoundUp(m, kernel.Columns);
        return kernel.TakesStrides && lanes <= MaximumLanes && (long)lanes * k <= MaximumFloats
            && lanes * 8 <= 9 * GemmTuning.RoundUp(m, family.For(m).Rows);
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
        (job._weights, job._transposed, job._lanes) = (weights, transposed, GemmTuning.RoundUp(m, KernelTable.For(n).Columns));
        workers.Run(job);
    }

    int Outputs => _transposed ? RowOutputs : LineOutputs;

    int Depth => _transposed ? RowDepth : LineDepth;

    /// <summary>Loop order: a part's outputs; blocks of them; depth blocks; panels of samples; kernel rows.</summary>
    public override void Run(int part, int parts)
    {
        ref readonly var kernel = ref KernelTable.For(_n);
        var units = (long)GemmTuning.DivideUp(_n, kernel.Rows);
        int first = (int)(units * part / parts) * kernel.Rows, end = Math.Min(_n, (int)(units * (part + 1) / parts) * kernel.Rows);
        if (first >= end)
            return;
        var samples = _workers.Scratch(part, (nint)_lanes * _k + LineOutputs * _lanes + StagedFloats);
        var sums = samples + (nint)_lanes * _k;
        var staging = sums + LineOutputs * _lanes;
        TurnSamples(kernel.Columns, samples, staging);
        for (var output = first; output < end; output += Outputs)
        {
            var outputs = Math.Min(Outputs, end - output);
            if (_k == 0)
                new Span<float>(sums, outputs * _lanes).Clear();
            for (var start = 0; start < _k; start += Depth)
            {
                var depth = Math.Min(Depth, _k - start);
                var ahead = start + depth < _k ? new Block(output, outputs, start + depth) : new Block(output + outputs, end - output - outputs, 0);
                Multiply(kernel, new Block(output, outputs, start), ahead, samples + (nint)start * _lanes, sums, staging);
            }
            Store(output, outputs, sums);
        }
    }

    /// <summary>Depth blocks, each of panels [depth, width]; lanes beyond the last sample are zero.</summary>
    void TurnSamples(int width, float* samples, float* staging)
    {
        var source = new DenseOperand(_x, _xStride, 1);
        for (var start = 0; start < _k; start += Depth)
        {
            var depth = Math.Min(Depth, _k - start);
            for (var done = 0; done < depth; done += GemmTuning.BlockDepth)
                source.Pack(0, 0, _m, start + done, Math.Min(GemmTuning.BlockDepth, depth - done), width, (nint)depth * width,
                    samples + (nint)start * _lanes + (nint)done * width, staging);
        }
    }

    void Multiply(in MicroKernel kernel, Block block, Block next, float* samples, float* sums, float* staging)
    {
        var depth = Math.Min(Depth, _k - block.Start);
        var weights = _transposed ? Rows(kernel, block, depth, staging) : Lines(kernel, block, depth, staging);
        var runs = _lanes / kernel.Columns * GemmTuning.DivideUp(block.Outputs, kernel.Rows) * GemmTuning.DivideUp(depth, KernelDepth);
        var ahead = new WeightsAhead(_weights, next.First(_transposed), next.Lines(_transposed, _k), runs);
        for (var lane = 0; lane < _lanes; lane += kernel.Columns, samples += (nint)depth * kernel.Columns)
        {
            for (var o = 0; o < block.Outputs; o += kernel.Rows)
            {
                for (var d = 0; d < depth; d += KernelDepth)
                {
                    ahead.Ask();
                    kernel.Run(Math.Min(KernelDepth, depth - d), weights.First + o * weights.RowStride + d * weights.DepthStride, weights.RowStride,
                        weights.DepthStride, samples + (nint)d * kernel.Columns, sums + (nint)o * _lanes + lane, _lanes, block.Start + d == 0);
                }
            }
        }
    }

    /// <summary>W stored [n, k]: an output's weights are a line, taken where they lie if all of them do; missing outputs are zero.</summary>
    Weights Rows(in MicroKernel kernel, Block block, int depth, float* staging)
    {
        if (block.Outputs % kernel.Rows == 0 && _weights.Stored(block.Output, block.Start) is var stored && stored != null)
            return new(stored, _k, 1);
        for (var o = 0; o < block.Outputs; o++)
            _weights.Fill(block.Output + o, block.Start, depth, staging + o * RowStride);
        for (var o = block.Outputs; o < GemmTuning.RoundUp(block.Outputs, kernel.Rows); o++)
            new Span<float>(staging + o * RowStride, depth).Clear();
        return new(staging, RowStride, 1);
    }

    /// <summary>W stored [k, n]: staged lines, a kernel's weights side by side; missing outputs are zero.</summary>
    Weights Lines(in MicroKernel kernel, Block block, int depth, float* staging)
    {
        var missing = GemmTuning.RoundUp(block.Outputs, kernel.Rows) - block.Outputs;
        for (var d = 0; d < depth; d++)
        {
            var line = staging + d * LineStride;
            _weights.Fill(block.Start + d, block.Output, block.Outputs, line);
            new Span<float>(line + block.Outputs, missing).Clear();
        }
        return new(staging, 1, LineStride);
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
        if (_alpha != 1)
            Epilogue.Row(row, _alpha, null, row, _lanes);
        if (bias != null)
            Epilogue.Row(row, bias, row, _lanes);
    }

    /// <summary>Outputs from <see cref="Output"/> on and a depth from <see cref="Start"/> on.</summary>
    readonly record struct Block(int Output, int Outputs, int Start)
    {
        /// <summary>The first stored line, and where in it the block begins.</summary>
        public (int Line, int Start) First(bool transposed) => transposed ? (Output, Start) : (Start, Output);

        /// <summary>Stored lines, and how much of them.</summary>
        public (int Count, int Length) Lines(bool transposed, int k)
        {
            if (Outputs <= 0) return (0, 0);
            return transposed ? (Math.Min(RowOutputs, Outputs), Math.Min(RowDepth, k - Start)) : (Math.Min(LineDepth, k - Start), Math.Min(LineOutputs, Outputs));
        }
    }

    readonly struct Weights(float* first, nint rowStride, nint depthStride)
    {
        public readonly float* First = first;
        public readonly nint RowStride = rowStride, DepthStride = depthStride;
    }
}
