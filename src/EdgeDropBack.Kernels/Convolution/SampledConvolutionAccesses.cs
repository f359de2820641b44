namespace EdgeDropBack.Kernels;

sealed unsafe partial class SampledConvolutionJob
{
    /// <param name="tracked">Its entries; the weights themselves are not read.</param>
    /// <param name="gradients">[entries]</param>
    public static void Accesses(AccessStream s, MemoryBlock dy, MemoryBlock x, in ConvShape shape, WeightAccesses tracked, MemoryBlock gradients)
    {
        int channels = shape.InChannels / shape.Groups, outputs = shape.OutChannels / shape.Groups;
        foreach (var (entry, index) in tracked.Entries())
        {
            var (row, column) = ((int)(index / shape.WeightColumns), (int)(index % shape.WeightColumns));
            var (channel, tap) = Math.DivRem(column, shape.Taps);
            s.ReadBytes(tracked.IndicesBlock, entry * (long)sizeof(ushort), sizeof(ushort));
            Rows(s, dy.From((long)row * shape.OutPlane), x.From((long)(row / outputs * channels + channel) * shape.InPlane), shape, tap);
            s.Write(gradients, entry, 1);
        }
    }

    /// <summary>Rows of outputs that see the plane, of all samples.</summary>
    static void Rows(AccessStream s, MemoryBlock dy, MemoryBlock x, in ConvShape shape, int tap)
    {
        var top = tap / shape.KernelWidth * shape.DilationHeight - shape.PadTop;
        var left = tap % shape.KernelWidth * shape.DilationWidth - shape.PadLeft;
        var (low, high) = Seen(left, shape.StrideWidth, shape.InWidth, shape.OutWidth);
        var (first, end) = Seen(top, shape.StrideHeight, shape.InHeight, shape.OutHeight);
        if (low >= high || first >= end) return;
        for (var sample = 0; sample < shape.Batch; sample++)
        {
            s.Read(dy.From((long)sample * shape.OutChannels * shape.OutPlane), (long)first * shape.OutWidth + low,
                (end - 1L - first) * shape.OutWidth + high - low);
            var plane = x.From((long)sample * shape.InChannels * shape.InPlane);
            if (shape.StrideHeight == 1)
            {
                s.Read(plane, (long)(first + top) * shape.InWidth + low * shape.StrideWidth + left,
                    (end - 1L - first) * shape.InWidth + (high - 1L - low) * shape.StrideWidth + 1);
                continue;
            }
            for (var oy = first; oy < end; oy++)
                s.Read(plane, (long)(oy * shape.StrideHeight + top) * shape.InWidth + low * shape.StrideWidth + left,
                    (high - 1L - low) * shape.StrideWidth + 1);
        }
    }
}
