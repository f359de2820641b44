namespace EdgeDropBack.Kernels;

/// <summary>Maximum pooling. The first maximum of a window in row-major order wins; a NaN wins over every number.</summary>
public static partial class MaxPool
{
    /// <summary>
    /// x [Batch, Channels, InHeight, InWidth] to y [Batch, Channels, OutHeight, OutWidth]; <paramref name="argmax"/>, shaped like y, gets
    /// the offset of the winner within its input plane (-1 where a window has no input element, y then being -infinity), or may be empty.
    /// </summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, Span<int> argmax, in PoolShape shape)
    {
        int planes = shape.Planes, inPlane = shape.InPlane, outPlane = shape.OutPlane;
        SpanGuard.AtLeast(x.Length, (long)planes * inPlane);
        SpanGuard.AtLeast(y.Length, (long)planes * outPlane);
        SpanGuard.EmptyOr(argmax.Length, (long)planes * outPlane);
        bool fast = IsTwoByTwo(shape);
        for (int p = 0; p < planes; p++)
        {
            var from = x.Slice(p * inPlane, inPlane);
            var to = y.Slice(p * outPlane, outPlane);
            var winners = argmax.IsEmpty ? default : argmax.Slice(p * outPlane, outPlane);
            if (fast) TwoByTwo(from, to, winners, shape);
            else ForwardPlane(from, to, winners, shape);
        }
    }

    /// <summary>dx[argmax] += dy in row-major order of the output; dx is overwritten.</summary>
    public static void Backward(ReadOnlySpan<float> dy, ReadOnlySpan<int> argmax, Span<float> dx, in PoolShape shape)
    {
        int planes = shape.Planes, inPlane = shape.InPlane, outPlane = shape.OutPlane;
        SpanGuard.AtLeast(dy.Length, (long)planes * outPlane);
        SpanGuard.AtLeast(argmax.Length, (long)planes * outPlane);
        SpanGuard.AtLeast(dx.Length, (long)planes * inPlane);
        dx[..(planes * inPlane)].Clear();
        for (int p = 0; p < planes; p++)
        {
            var plane = dx.Slice(p * inPlane, inPlane);
            var gradient = dy.Slice(p * outPlane, outPlane);
            var winners = argmax.Slice(p * outPlane, outPlane);
            for (int i = 0; i < winners.Length; i++)
            {
                if (winners[i] >= 0) plane[winners[i]] += gradient[i];
            }
        }
    }

    /// <summary>The plain reference: one plane, any window.</summary>
    internal static void ForwardPlane(ReadOnlySpan<float> x, Span<float> y, Span<int> argmax, in PoolShape shape)
    {
        int outHeight = shape.OutHeight, outWidth = shape.OutWidth;
        for (int oy = 0, o = 0; oy < outHeight; oy++)
        {
            var rows = PoolWindow.Row(shape, oy);
            for (int ox = 0; ox < outWidth; ox++, o++)
            {
                var columns = PoolWindow.Column(shape, ox);
                float best = float.NegativeInfinity;
                int winner = -1;
                for (int iy = rows.First; iy < rows.End; iy += rows.Step)
                {
                    int row = iy * shape.InWidth;
                    for (int ix = columns.First; ix < columns.End; ix += columns.Step)
                    {
                        float value = x[row + ix];
                        if (winner >= 0 && !Wins(value, best)) continue;
                        (best, winner) = (value, row + ix);
                    }
                }
                y[o] = best;
                if (!argmax.IsEmpty) argmax[o] = winner;
            }
        }
    }
}
