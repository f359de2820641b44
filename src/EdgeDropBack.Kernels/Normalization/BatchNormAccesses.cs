namespace EdgeDropBack.Kernels;

public static partial class BatchNorm
{
    /// <summary>The accesses of <see cref="ForwardTraining"/>: means, variances, and the normalisation, a pass each.</summary>
    public static void ForwardTrainingAccesses(AccessStream s, MemoryBlock x, MemoryBlock y, long floats)
    {
        s.Read(x, 0, floats);
        s.Read(x, 0, floats);
        ElementwiseAccesses.Stream(s, [(x, floats)], [(y, floats)]);
    }

    /// <summary>The accesses of the backward with frozen statistics: one pass for all gradients that are wanted.</summary>
    public static void BackwardAccesses(AccessStream s, MemoryBlock x, MemoryBlock? y, MemoryBlock dy, MemoryBlock? dx, bool wantsScale, bool wantsShift,
        long floats)
    {
        if (!wantsScale && !wantsShift && dx == null) return;
        var reads = new List<(MemoryBlock, long)>();
        if (wantsScale) reads.Add((x, floats));
        if (y is { } output) reads.Add((output, floats));
        reads.Add((dy, floats));
        ElementwiseAccesses.Stream(s, reads.ToArray(), dx is { } gradient ? [(gradient, floats)] : []);
    }

    /// <summary>The accesses of <see cref="BackwardTraining"/>: the sums, then the gradient.</summary>
    public static void BackwardTrainingAccesses(AccessStream s, MemoryBlock x, MemoryBlock dy, MemoryBlock? dx, long floats)
    {
        ElementwiseAccesses.Stream(s, [(x, floats), (dy, floats)], []);
        s.Read(dy, 0, floats);
        if (dx is { } gradient) ElementwiseAccesses.Stream(s, [(x, floats), (dy, floats)], [(gradient, floats)]);
    }
}
