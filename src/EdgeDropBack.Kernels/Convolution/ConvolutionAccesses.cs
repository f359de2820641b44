namespace EdgeDropBack.Kernels;

public static unsafe partial class Convolution
{
    /// <summary>The accesses of <see cref="Forward"/>, by the path that it takes.</summary>
    public static void ForwardAccesses(AccessStream s, MemoryBlock x, WeightAccesses weights, MemoryBlock? bias, in ConvShape shape, MemoryBlock y)
    {
        if (DepthwiseTaps.Takes(shape, backward: false))
        {
            DepthwiseJob.Accesses(s, x, weights, bias, shape, y, backward: false);
            return;
        }
        var rows = shape.OutChannels / shape.Groups;
        var left = new WeightOperandAccesses(weights, shape.WeightColumns, (long)rows * shape.WeightColumns, alongDepth: true);
        var direct = DirectShape.Forward(shape, s.Kernels);
        var sink = PlaneSinkAccesses.Output(y, bias, shape);
        if (SparseConvolutionJob.Takes(weights, direct)) SparseConvolutionJob.ForwardAccesses(s, x, weights, shape, direct, sink);
        else if (direct.IsWorth(1)) DirectAccesses.Run(s, x, left, sink, direct);
        else ProductAccesses.Run(s, left, PatchAccesses.OfInputs(x, shape, false), sink, shape.Groups, rows, shape.Batch * shape.OutPlane,
            shape.WeightColumns);
    }

    /// <summary>The accesses of <see cref="BackwardData"/>.</summary>
    public static void BackwardDataAccesses(AccessStream s, MemoryBlock dy, WeightAccesses weights, in ConvShape shape, MemoryBlock dx)
    {
        if (DepthwiseTaps.Takes(shape, backward: true))
        {
            DepthwiseJob.Accesses(s, dy, weights, null, shape, dx, backward: true);
            return;
        }
        if (Phase.SomeHaveNoTaps(shape)) s.Write(dx, 0, shape.InLength);
        for (var y = 0; y < Math.Min(shape.StrideHeight, shape.InHeight); y++)
        {
            for (var x = 0; x < Math.Min(shape.StrideWidth, shape.InWidth); x++)
            {
                var phase = new Phase(shape, y, x);
                if (phase.Taps == 0) continue;
                var direct = DirectShape.Backward(shape, phase, s.Kernels);
                var left = new TapWeightAccesses(weights, shape, phase.Taps);
                var sink = PlaneSinkAccesses.Input(dx, shape, phase);
                if (SparseConvolutionJob.Takes(weights, direct)) SparseConvolutionJob.BackwardAccesses(s, dy, weights, shape, phase, direct, sink);
                else if (direct.IsWorth(1)) DirectAccesses.Run(s, dy, left, sink, direct);
                else ProductAccesses.Run(s, left, PatchAccesses.OfGradients(dy, shape, phase), sink, shape.Groups, shape.InChannels / shape.Groups,
                    shape.Batch * phase.Plane, shape.OutChannels / shape.Groups * phase.Taps);
            }
        }
    }
}
