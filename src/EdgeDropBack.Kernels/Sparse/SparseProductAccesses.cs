namespace EdgeDropBack.Kernels;

sealed unsafe partial class SparseProductJob
{
    /// <summary>The accesses of <see cref="Run(Workers, float*, int, in SparseWeights, bool, float*, float, float*, int, int, int)"/>.</summary>
    public static void Accesses(AccessStream s, MemoryBlock x, int xStride, WeightAccesses weights, bool transposed, MemoryBlock? bias,
        float alpha, MemoryBlock y, int m, int n, int k)
    {
        var widest = Math.Min(SparseTuning.Lanes, GemmTuning.RoundUp(m, Vector));
        var turned = s.Scratch;
        var sums = turned.From((long)k * widest);
        var offsets = sums.From((long)n * widest);
        for (var sample = 0; sample < m; sample += SparseTuning.Lanes)
        {
            var samples = Math.Min(SparseTuning.Lanes, m - sample);
            var lanes = GemmTuning.RoundUp(samples, Vector);
            TurnAccesses(s, x.From((long)sample * xStride), xStride, samples, turned, lanes, k);
            s.Write(sums, 0, (long)n * lanes);
            if (transposed) RowAccesses(s, weights, turned, offsets, sums, lanes, k);
            else LineAccesses(s, weights, turned, sums, lanes, n);
            StoreAccesses(s, bias, alpha, y.From((long)sample * n), samples, sums, lanes, n);
        }
    }

    static void TurnAccesses(AccessStream s, MemoryBlock x, int xStride, int samples, MemoryBlock turned, int lanes, int k)
    {
        for (var d = 0; d < k; d += TurnedLines)
        {
            var count = Math.Min(TurnedLines, k - d);
            for (var lane = 0; lane < lanes; lane += 4)
            {
                for (var l = lane; l < lane + 4; l++) s.Read(x, (long)Math.Min(l, samples - 1) * xStride + d, count);
                s.WriteRows(turned.From((long)d * lanes + lane), count, lanes, 4);
            }
        }
    }

    static void RowAccesses(AccessStream s, WeightAccesses weights, MemoryBlock turned, MemoryBlock offsets, MemoryBlock sums, int lanes, int k)
    {
        s.Write(offsets, 0, k);
        var previous = -1L;
        foreach (var (entry, index) in weights.Entries())
        {
            var (row, column) = Math.DivRem(index, k);
            if (row != previous) s.Read(sums, row * lanes, lanes);
            Entry(s, weights, entry);
            s.Read(offsets, column, 1);
            s.Read(turned, column * lanes, lanes);
            if (row != previous) s.Write(sums, row * lanes, lanes);
            previous = row;
        }
    }

    static void LineAccesses(AccessStream s, WeightAccesses weights, MemoryBlock turned, MemoryBlock sums, int lanes, int n)
    {
        var previous = -1L;
        foreach (var (entry, index) in weights.Entries())
        {
            var (row, column) = Math.DivRem(index, n);
            if (row != previous) s.Read(turned, row * lanes, lanes);
            Entry(s, weights, entry);
            s.Read(sums, column * lanes, lanes);
            s.Write(sums, column * lanes, lanes);
            previous = row;
        }
    }

    static void Entry(AccessStream s, WeightAccesses weights, int entry)
    {
        s.ReadBytes(weights.IndicesBlock, entry * (long)sizeof(ushort), sizeof(ushort));
        s.Read(weights.ValuesBlock, entry, 1);
    }

    static void StoreAccesses(AccessStream s, MemoryBlock? bias, float alpha, MemoryBlock y, int samples, MemoryBlock sums, int lanes, int n)
    {
        if (bias is { } offsets) s.Read(offsets, 0, n);
        if (bias is not null || alpha != 1) s.Write(sums, 0, (long)n * lanes);
        for (var output = 0; output < n; output += TurnedLines)
        {
            var count = Math.Min(TurnedLines, n - output);
            for (var sample = 0; sample < samples; sample += 4)
            {
                s.ReadRows(sums.From((long)output * lanes + sample), count, lanes, 4);
                s.WriteRows(y.From((long)sample * n + output), Math.Min(4, samples - sample), n, count);
            }
        }
    }
}
