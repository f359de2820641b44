namespace EdgeDropBack.Kernels;

static partial class Layout
{
    /// <summary>y = x padded or cropped.</summary>
    public static void Pad(ReadOnlySpan<float> x, Span<float> y, float value, PadShape shape)
    {
        SpanGuard.AtLeast(x.Length, shape.SourceCount);
        SpanGuard.AtLeast(y.Length, shape.Count);
        int last = shape.Maps.Length - 1;
        var map = shape.Maps[last];
        Span<int> index = stackalloc int[last];
        index.Clear();
        for (int run = 0; run < shape.Count; run += map.Length)
        {
            int row = Row(shape, index);
            var target = y.Slice(run, map.Length);
            if (row < 0) target.Fill(value);
            else
            {
                int first = Math.Min(shape.InnerFirst, map.Length), copies = shape.InnerCopies;
                for (int i = 0; i < first; i++) target[i] = map[i] < 0 ? value : x[row + map[i]];
                if (copies > 0) x.Slice(row + shape.InnerSource, copies).CopyTo(target[first..]);
                for (int i = first + copies; i < map.Length; i++) target[i] = map[i] < 0 ? value : x[row + map[i]];
            }
            Step(shape, index);
        }
    }

    /// <summary>dx = the gradients of every copy of an element, added in row-major order of dy.</summary>
    public static void PadBackward(ReadOnlySpan<float> dy, Span<float> dx, PadShape shape)
    {
        SpanGuard.AtLeast(dx.Length, shape.SourceCount);
        SpanGuard.AtLeast(dy.Length, shape.Count);
        dx[..shape.SourceCount].Clear();
        int last = shape.Maps.Length - 1;
        var map = shape.Maps[last];
        Span<int> index = stackalloc int[last];
        index.Clear();
        for (int run = 0; run < shape.Count; run += map.Length)
        {
            int row = Row(shape, index);
            for (int i = 0; row >= 0 && i < map.Length; i++)
            {
                if (map[i] >= 0) dx[row + map[i]] += dy[run + i];
            }
            Step(shape, index);
        }
    }

    /// <summary>Source offset of the row at the outer index, -1 where it is all padding.</summary>
    static int Row(PadShape shape, ReadOnlySpan<int> index)
    {
        int row = 0;
        for (int d = 0; d < index.Length; d++)
        {
            int source = shape.Maps[d][index[d]];
            if (source < 0) return -1;
            row += source * shape.Strides[d];
        }
        return row;
    }

    static void Step(PadShape shape, Span<int> index)
    {
        for (int d = index.Length - 1; d >= 0; d--)
        {
            if (++index[d] < shape.Maps[d].Length) return;
            index[d] = 0;
        }
    }
}
