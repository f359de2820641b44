namespace EdgeDropBack.Kernels;

sealed unsafe partial class ThinProductJob
{
    /// <summary>The accesses of <see cref="Run(Workers, float*, int, in WeightOperand, bool, float*, float, float*, int, int, int)"/>.</summary>
    public static void Accesses(AccessStream s, MemoryBlock x, int xStride, WeightOperandAccesses weights, bool transposed, MemoryBlock? bias,
        float alpha, MemoryBlock y, int m, int n, int k)
    {
        ref readonly var kernel = ref s.Kernels.For(n);
        var lanes = GemmTuning.RoundUp(m, kernel.Columns);
        var (outputs, depth) = transposed ? (RowOutputs, RowDepth) : (LineOutputs, LineDepth);
        var samples = s.Scratch;
        var sums = samples.From((long)lanes * k);
        var staging = sums.From((long)LineOutputs * lanes);
        for (var start = 0; start < k; start += depth)
        {
            var count = Math.Min(depth, k - start);
            for (var lane = 0; lane < m; lane++) s.Read(x, (long)lane * xStride + start, count);
            s.Write(samples, (long)start * lanes, (long)count * lanes);
        }
        for (var output = 0; output < n; output += outputs)
        {
            var count = Math.Min(outputs, n - output);
            for (var start = 0; start < k; start += depth)
            {
                var span = Math.Min(depth, k - start);
                var block = new Block(output, count, start);
                if (transposed) RowAccesses(s, kernel, weights, block, span, samples, sums, staging, lanes);
                else LineAccesses(s, kernel, weights, block, span, samples, sums, staging, lanes);
            }
            StoreAccesses(s, output, count, sums, bias, alpha, y, m, n, lanes);
        }
    }

    static void RowAccesses(AccessStream s, in MicroKernel kernel, WeightOperandAccesses weights, Block block, int depth, MemoryBlock samples,
        MemoryBlock sums, MemoryBlock staging, int lanes)
    {
        var stored = block.Outputs % kernel.Rows == 0 && weights.IsStored;
        for (var o = 0; !stored && o < GemmTuning.RoundUp(block.Outputs, kernel.Rows); o++)
        {
            if (o < block.Outputs) weights.Fill(s, block.Output + o, block.Start, depth, staging.From((long)o * RowStride));
            else s.Write(staging, (long)o * RowStride, depth);
        }
        for (var lane = 0; lane < lanes; lane += kernel.Columns)
        {
            for (var o = 0; o < block.Outputs; o += kernel.Rows)
            {
                for (var l = o; l < o + kernel.Rows; l++)
                    s.Read(stored ? weights.Stored(block.Output + l, block.Start) : staging.From((long)l * RowStride), 0, depth);
                KernelAccesses(s, kernel, o, lane, block.Start, depth, samples, sums, lanes);
            }
        }
    }

    static void LineAccesses(AccessStream s, in MicroKernel kernel, WeightOperandAccesses weights, Block block, int depth, MemoryBlock samples,
        MemoryBlock sums, MemoryBlock staging, int lanes)
    {
        var missing = GemmTuning.RoundUp(block.Outputs, kernel.Rows) - block.Outputs;
        for (var d = 0; d < depth; d++)
        {
            weights.Fill(s, block.Start + d, block.Output, block.Outputs, staging.From((long)d * LineStride));
            s.Write(staging, (long)d * LineStride + block.Outputs, missing);
        }
        for (var lane = 0; lane < lanes; lane += kernel.Columns)
        {
            for (var o = 0; o < block.Outputs; o += kernel.Rows)
            {
                s.ReadRows(staging.From(o), depth, LineStride, kernel.Rows);
                KernelAccesses(s, kernel, o, lane, block.Start, depth, samples, sums, lanes);
            }
        }
    }

    static void KernelAccesses(AccessStream s, in MicroKernel kernel, int output, int lane, int start, int depth, MemoryBlock samples,
        MemoryBlock sums, int lanes)
    {
        s.Read(samples, (long)start * lanes + (long)lane * depth, (long)depth * kernel.Columns);
        var tile = sums.From((long)output * lanes + lane);
        if (start > 0) s.ReadRows(tile, kernel.Rows, lanes, kernel.Columns);
        s.WriteRows(tile, kernel.Rows, lanes, kernel.Columns);
    }

    static void StoreAccesses(AccessStream s, int output, int outputs, MemoryBlock sums, MemoryBlock? bias, float alpha, MemoryBlock y, int m,
        int n, int lanes)
    {
        if (bias is { } offsets) s.Read(offsets, output, outputs);
        if (bias is not null || alpha != 1) s.Write(sums, 0, (long)outputs * lanes);
        for (var sample = 0; sample < m; sample += 4)
        {
            s.Read(sums, 0, (long)outputs * lanes);
            s.WriteRows(y.From((long)sample * n + output), Math.Min(4, m - sample), n, outputs);
        }
    }
}
