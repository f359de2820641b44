namespace EdgeDropBack.Kernels;

public static partial class Elementwise
{
    /// <summary>The accesses of <see cref="AddBackward"/>; null for what is not rectified or not wanted.</summary>
    public static void AddBackwardAccesses(AccessStream s, MemoryBlock? y, MemoryBlock dy, MemoryBlock? da, MemoryBlock? db, long floats)
    {
        var writes = new List<(MemoryBlock, long)>();
        if (da is { } first && (y != null || first.Address != dy.Address)) writes.Add((first, floats));
        if (db is { } second) writes.Add((second, floats));
        if (writes.Count > 0) ElementwiseAccesses.Stream(s, y is { } output ? [(dy, floats), (output, floats)] : [(dy, floats)], writes.ToArray());
    }
}
