namespace EdgeDropBack.Kernels;

sealed unsafe partial class SparseConvolutionJob
{
    /// <summary>Sums of a gathered run that stay in registers.</summary>
    const int GatheredLanes = 32;

    /// <summary>The same of described weights.</summary>
    public static bool Takes(WeightAccesses weights, in DirectShape shape) => SparseTuning.Takes(weights) && Fits(shape);

    /// <summary>The accesses of <see cref="Forward"/>.</summary>
    public static void ForwardAccesses(AccessStream s, MemoryBlock x, WeightAccesses weights, in ConvShape shape, in DirectShape direct,
        PlaneSinkAccesses sink)
    {
        var columns = direct.Channels * shape.Taps;
        var copies = s.Scratch;
        var sums = copies.From(direct.CopyFloats);
        var offsets = sums.From(direct.SumStride);
        s.Write(offsets, 0, columns);
        s.Write(copies, 0, direct.CopyFloats);
        for (var unit = 0; unit < direct.Groups * direct.Batch; unit++)
        {
            var (group, sample) = Math.DivRem(unit, direct.Batch);
            CopyAccesses(s, x, direct, group, sample, copies);
            for (var row = 0; row < direct.Rows; row++)
            {
                s.Write(sums, 0, direct.SumStride);
                var start = ((long)group * direct.Rows + row) * columns;
                var (first, count) = weights.Within(s, start, columns);
                for (var lane = 0; count > 0 && lane < direct.SumStride; lane += GatheredLanes)
                {
                    foreach (var (entry, index) in weights.Entries(first, count))
                    {
                        s.Read(weights.ValuesBlock, entry, 1);
                        s.Read(offsets, index - start, 1);
                        s.Read(copies, direct.Offset((int)(index - start)) + lane, GatheredLanes);
                    }
                    s.Write(sums, lane, GatheredLanes);
                }
                sink.StorePlane(s, group, row, sample, sums, direct.Padded.Pitch, direct.GridHeight, direct.GridWidth);
            }
        }
    }

    /// <summary>The accesses of <see cref="Backward"/>.</summary>
    public static void BackwardAccesses(AccessStream s, MemoryBlock dy, WeightAccesses weights, in ConvShape shape, in Phase phase,
        in DirectShape direct, PlaneSinkAccesses sink)
    {
        var columns = direct.Rows * shape.Taps;
        var copies = s.Scratch;
        var sums = copies.From(direct.CopyFloats);
        var offsets = sums.From((long)direct.Rows * direct.SumStride);
        var taps = new int[shape.Taps];
        Array.Fill(taps, Skipped);
        for (var t = 0; t < phase.Taps; t++) taps[phase.Tap(t)] = direct.Offset(t);
        s.Write(offsets, 0, columns);
        s.Write(copies, 0, direct.CopyFloats);
        for (var unit = 0; unit < direct.Groups * direct.Batch; unit++)
        {
            var (group, sample) = Math.DivRem(unit, direct.Batch);
            CopyAccesses(s, dy, direct, group, sample, copies);
            s.Write(sums, 0, (long)direct.Rows * direct.SumStride);
            var start = (long)group * direct.Channels * columns;
            var (first, count) = weights.Within(s, start, (long)direct.Channels * columns);
            foreach (var (entry, index) in weights.Entries(first, count))
            {
                var (channel, column) = Math.DivRem(index - start, columns);
                s.Read(weights.ValuesBlock, entry, 1);
                s.Read(offsets, column, 1);
                if (taps[column % shape.Taps] is var offset && offset == Skipped) continue;
                s.Read(copies, channel * direct.Padded.Floats + offset, direct.Positions);
                s.Write(sums, column / shape.Taps * direct.SumStride, direct.Positions);
            }
            for (var row = 0; row < direct.Rows; row++)
                sink.StorePlane(s, group, row, sample, sums.From((long)row * direct.SumStride), direct.Padded.Pitch, direct.GridHeight,
                    direct.GridWidth);
        }
    }

    static void CopyAccesses(AccessStream s, MemoryBlock source, in DirectShape direct, int group, int sample, MemoryBlock copies)
    {
        var planes = source.From(((long)sample * direct.Groups + group) * direct.Channels * direct.SourcePlane);
        for (var c = 0; c < direct.Channels; c++)
        {
            s.Read(planes, (long)c * direct.SourcePlane, direct.SourcePlane);
            s.Write(copies, (long)c * direct.Padded.Floats, direct.Padded.Floats);
        }
    }
}
