namespace EdgeDropBack.Kernels;

/// <summary><see cref="DirectJob{TLeft}"/>. The lines of a column's taps stay in the first-level cache for all rows of outputs.</summary>
static class DirectAccesses
{
    public static void Run(AccessStream s, MemoryBlock source, OperandAccesses left, PlaneSinkAccesses sink, in DirectShape shape)
    {
        var copies = s.Scratch;
        var panels = copies.From(shape.CopyFloats);
        var sums = panels.From(shape.PanelFloats);
        var staging = sums.From(shape.SumFloats);
        s.Write(staging.From(Packing.StagingFloats), 0, shape.Depth);
        s.Write(copies, 0, shape.CopyFloats);
        for (var group = 0; group < shape.Groups; group++)
        {
            Pack(s, left, group, panels, staging, shape);
            for (var sample = 0; sample < shape.Batch; sample++)
            {
                var planes = source.From(((long)sample * shape.Groups + group) * shape.Channels * shape.SourcePlane);
                for (var c = 0; c < shape.Channels; c++)
                {
                    s.Read(planes, (long)c * shape.SourcePlane, shape.SourcePlane);
                    s.Write(copies, (long)c * shape.Padded.Floats, shape.Padded.Floats);
                }
                Multiply(s, copies, panels, sums, shape);
                for (var r = 0; r < shape.Rows; r++)
                    sink.StorePlane(s, group, r, sample, sums.From((long)r * shape.SumStride), shape.Padded.Pitch, shape.GridHeight, shape.GridWidth);
            }
        }
    }

    static void Pack(AccessStream s, OperandAccesses left, int group, MemoryBlock panels, MemoryBlock staging, in DirectShape shape)
    {
        var height = shape.Kernel.Rows;
        for (var row = 0; row < shape.Rows; row += height)
        {
            for (var start = 0; start < shape.Depth; start += GemmTuning.BlockDepth)
            {
                var depth = Math.Min(GemmTuning.BlockDepth, shape.Depth - start);
                left.Pack(s, group, row, Math.Min(height, shape.Rows - row), start, depth, height, (long)depth * height,
                    panels.From((long)row * shape.Depth + (long)start * height), staging);
            }
        }
    }

    static void Multiply(AccessStream s, MemoryBlock copies, MemoryBlock panels, MemoryBlock sums, in DirectShape shape)
    {
        var (height, width) = (shape.Kernel.Rows, shape.Kernel.Columns);
        for (var column = 0; column < shape.Positions; column += width)
        {
            for (var d = 0; d < shape.Depth; d++) s.Read(copies, column + shape.Offset(d), width);
            s.Read(panels, 0, shape.PanelFloats);
            s.WriteRows(sums.From(column), GemmTuning.RoundUp(shape.Rows, height), shape.SumStride, width);
        }
    }
}
