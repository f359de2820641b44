namespace EdgeDropBack.Kernels;

sealed unsafe partial class ThinProductJob
{
    /// <summary>The accesses of <see cref="Run(Workers, float*, int, in WeightOperand, bool, float*, float, float*, int, int, int)"/>.</summary>
    public static void Accesses(AccessStream s, MemoryBlock x, int xStride, WeightOperandAccesses weights, bool transposed, MemoryBlock? bias,
        float alpha, MemoryBlock y, int m, int n, int k)
    {
        var lanes = GemmTuning.RoundUp(m, Width);
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
                var turned = samples.From((long)start * lanes);
                if (transposed) RowAccesses(s, weights, output, count, start, span, turned, sums, staging, lanes);
                else LineAccesses(s, weights, output, count, start, span, turned, sums, staging, lanes);
            }
            StoreAccesses(s, output, count, sums, bias, alpha, y, m, n, lanes);
        }
    }

    static void RowAccesses(AccessStream s, WeightOperandAccesses weights, int output, int outputs, int start, int depth, MemoryBlock samples,
        MemoryBlock sums, MemoryBlock staging, int lanes)
    {
        Span<long> addresses = stackalloc long[RowOutputs];
        Span<int> owners = stackalloc int[RowOutputs];
        for (var o = 0; o < outputs; o++)
        {
            var line = weights.Load(s, 0, output + o, start, depth, staging.From((long)o * RowDepth));
            (addresses[o], owners[o]) = (line.Address, line.Owner);
        }
        for (var lane = 0; lane < lanes; lane += Width)
        {
            for (var o = 0; o < outputs; o += Height)
            {
                for (var l = o; l < Math.Min(o + Height, outputs); l++) s.Read(new MemoryBlock(addresses[l], owners[l]), 0, depth);
                s.Read(samples, (long)lane * depth, (long)depth * Width);
                SumAccesses(s, sums.From((long)o * lanes + lane), lanes, start == 0);
            }
        }
    }

    static void LineAccesses(AccessStream s, WeightOperandAccesses weights, int output, int outputs, int start, int depth, MemoryBlock samples,
        MemoryBlock sums, MemoryBlock staging, int lanes)
    {
        for (var d = 0; d < depth; d++)
        {
            var staged = staging.From((long)d * LineStride);
            s.Read(weights.Load(s, 0, start + d, output, outputs, staged), 0, outputs);
            s.Write(staged, 0, GemmTuning.RoundUp(outputs, Height));
        }
        for (var lane = 0; lane < lanes; lane += Width)
        {
            for (var o = 0; o < outputs; o += Height)
            {
                s.ReadRows(staging.From(o), depth, LineStride, Height);
                s.Read(samples, (long)lane * depth, (long)depth * Width);
                SumAccesses(s, sums.From((long)o * lanes + lane), lanes, start == 0);
            }
        }
    }

    static void SumAccesses(AccessStream s, MemoryBlock sums, int lanes, bool fresh)
    {
        if (!fresh) s.ReadRows(sums, Height, lanes, Width);
        s.WriteRows(sums, Height, lanes, Width);
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
