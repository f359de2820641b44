using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels;

/// <summary>Kernels that move elements without computing.</summary>
public static partial class Layout
{
    /// <summary>y (dense) = the view of x: transpose, slice or expand.</summary>
    public static void CopyView(ReadOnlySpan<float> x, Span<float> y, StridedView view)
    {
        SpanGuard.AtLeast(x.Length, view.SourceCount);
        SpanGuard.AtLeast(y.Length, view.Count);
        if (view.Count == 0) return;
        int last = view.Sizes.Length - 1, inner = view.Sizes[last], stride = view.Strides[last];
        int unit = stride == 1 ? -1 : Array.IndexOf(view.Strides, 1);
        if (unit >= 0)
        {
            CopyTransposed(x, y, view, unit);
            return;
        }
        int offset = view.Start;
        Span<int> index = stackalloc int[last];
        index.Clear();
        for (int run = 0; run < view.Count; run += inner)
        {
            if (stride == 1) x.Slice(offset, inner).CopyTo(y[run..]);
            else if (stride == 0) y.Slice(run, inner).Fill(x[offset]);
            else
            {
                for (int i = 0; i < inner; i++) y[run + i] = x[offset + (i * stride)];
            }
            offset = Odometer.Next(index, view.Sizes.AsSpan(0, last), view.Strides, offset);
        }
    }

    /// <summary>
    /// The gradient of <see cref="CopyView"/>: dx is zeroed, then dy is added through the view in row-major order of dy; a run that expands
    /// one element is added as <see cref="Reduction.Sum8"/>.
    /// </summary>
    public static void AddView(ReadOnlySpan<float> dy, Span<float> dx, StridedView view)
    {
        SpanGuard.AtLeast(dx.Length, view.SourceCount);
        SpanGuard.AtLeast(dy.Length, view.Count);
        dx[..view.SourceCount].Clear();
        if (view.Count == 0) return;
        int last = view.Sizes.Length - 1, inner = view.Sizes[last], stride = view.Strides[last], offset = view.Start;
        Span<int> index = stackalloc int[last];
        index.Clear();
        for (int run = 0; run < view.Count; run += inner)
        {
            var gradient = dy.Slice(run, inner);
            if (stride == 1) Elementwise.AddTo(gradient, dx.Slice(offset, inner));
            else if (stride == 0) dx[offset] += Reduction.Sum8(gradient);
            else
            {
                for (int i = 0; i < inner; i++) dx[offset + (i * stride)] += gradient[i];
            }
            offset = Odometer.Next(index, view.Sizes.AsSpan(0, last), view.Strides, offset);
        }
    }

    /// <summary>
    /// Copies <paramref name="outer"/> blocks of <paramref name="length"/> elements: what Concat, Split and Slice along one axis need.
    /// Block i goes from sourceOffset + i sourceStride to destinationOffset + i destinationStride.
    /// </summary>
    public static void CopyBlocks(
        ReadOnlySpan<float> source, Span<float> destination, int outer, int sourceStride, int sourceOffset,
        int destinationStride, int destinationOffset, int length)
    {
        for (int i = 0; i < outer; i++)
            source.Slice(sourceOffset + (i * sourceStride), length).CopyTo(destination[(destinationOffset + (i * destinationStride))..]);
    }

    /// <summary>The result's innermost axis is not the source's (which is axis <paramref name="unit"/> of the result): tiles of both.</summary>
    static void CopyTransposed(ReadOnlySpan<float> x, Span<float> y, StridedView view, int unit)
    {
        int last = view.Sizes.Length - 1, rank = view.Sizes.Length;
        Span<int> sizes = stackalloc int[rank], sources = stackalloc int[rank], targets = stackalloc int[rank], index = stackalloc int[rank];
        int used = 0, dense = view.Count, unitTarget = 0, outer = 1;
        for (int d = 0; d < rank; d++)
        {
            dense /= view.Sizes[d];
            if (d == unit) unitTarget = dense;
            if (d == unit || d == last) continue;
            (sizes[used], sources[used], targets[used]) = (view.Sizes[d], view.Strides[d], dense);
            outer *= view.Sizes[d];
            used++;
        }
        index.Clear();
        int from = view.Start, to = 0;
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        for (int n = 0; n < outer; n++)
        {
            TransposeTile(ref px, from, view.Strides[last], ref py, to, unitTarget, view.Sizes[last], view.Sizes[unit]);
            for (int d = used - 1; d >= 0; d--)
            {
                from += sources[d];
                to += targets[d];
                if (++index[d] < sizes[d]) break;
                index[d] = 0;
                from -= sources[d] * sizes[d];
                to -= targets[d] * sizes[d];
            }
        }
    }
}
