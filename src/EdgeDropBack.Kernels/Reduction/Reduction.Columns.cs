using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

static partial class Reduction
{
    /// <summary>y[c] = sum over rows of x[r, c], one chain per column, rows in order; x [rows, columns], y [columns] overwritten.</summary>
    public static void ColumnSums(ReadOnlySpan<float> x, Span<float> y, int rows, int columns)
    {
        SpanGuard.AtLeast(x.Length, (long)rows * columns);
        SpanGuard.AtLeast(y.Length, columns);
        if (Vector256.IsHardwareAccelerated) ColumnSumsWith<Lanes256>(x, y, rows, columns);
        else ColumnSumsWith<Lanes128x2>(x, y, rows, columns);
    }

    /// <summary>y[c] = sum over samples and space of x [batch, channels, space]: one run a sample, samples added in order.</summary>
    public static void ChannelSums(ReadOnlySpan<float> x, Span<float> y, int batch, int channels, int space)
    {
        SpanGuard.AtLeast(x.Length, (long)batch * channels * space);
        SpanGuard.AtLeast(y.Length, channels);
        if (space == 1)
        {
            ColumnSums(x, y, batch, channels);
            return;
        }
        y[..channels].Clear();
        for (int plane = 0; plane < batch * channels; plane++) y[plane % channels] += Sum8(x.Slice(plane * space, space));
    }

    internal static void ColumnSumsWith<T>(ReadOnlySpan<float> x, Span<float> y, int rows, int columns) where T : struct, ILanes<T>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        for (int c = 0; c < columns; c += T.Count)
        {
            int count = Math.Min(T.Count, columns - c);
            T sum = T.Create(0f);
            if (count == T.Count)
            {
                for (int r = 0; r < rows; r++) sum += T.Load(in px, ((nint)r * columns) + c);
                T.Store(sum, ref py, c);
            }
            else
            {
                for (int r = 0; r < rows; r++) sum += T.LoadPartial(in px, ((nint)r * columns) + c, count, 0f);
                T.StorePartial(sum, ref py, c, count);
            }
        }
    }
}
