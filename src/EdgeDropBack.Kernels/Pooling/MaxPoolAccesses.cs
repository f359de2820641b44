namespace EdgeDropBack.Kernels;

static unsafe partial class MaxPool
{
    /// <summary>The accesses of <see cref="Backward(ReadOnlySpan{float}, ReadOnlySpan{int}, Span{float}, in PoolShape)"/>: dx is cleared, then added to.</summary>
    public static void BackwardAccesses(AccessStream s, MemoryBlock dy, MemoryBlock argmax, MemoryBlock dx, in PoolShape shape)
    {
        long inputs = (long)shape.Planes * shape.InPlane, outputs = (long)shape.Planes * shape.OutPlane;
        s.Write(dx, 0, inputs);
        ElementwiseAccesses.Stream(s, [(dy, outputs), (argmax, outputs)], [(dx, inputs)]);
    }
}
