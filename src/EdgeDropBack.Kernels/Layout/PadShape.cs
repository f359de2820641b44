namespace EdgeDropBack.Kernels;

/// <summary>Plan of a padding: per axis the source index of every result index, -1 where it is the constant. Negative pads crop.</summary>
public sealed class PadShape
{
    /// <summary>pads holds the begins of all axes, then the ends of all axes (ONNX order).</summary>
    public PadShape(ReadOnlySpan<int> shape, ReadOnlySpan<int> pads, PadMode mode)
    {
        int rank = Math.Max(shape.Length, 1);
        Shape = new int[shape.Length];
        Maps = new int[rank][];
        Strides = new int[rank];
        (Count, SourceCount) = (1, 1);
        if (shape.IsEmpty) (Maps[0], Strides[0]) = ([0], 1);
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            int size = shape[d], before = pads[d], length = size + before + pads[shape.Length + d];
            if (length < 0) throw new ArgumentException($"axis {d} of size {size} is cropped to {length}");
            if (size == 0 && length > 0 && mode != PadMode.Constant) throw new ArgumentException($"axis {d} is empty and cannot be padded by {mode}");
            var map = new int[length];
            for (int i = 0; i < length; i++) map[i] = Source(i - before, size, mode);
            (Shape[d], Maps[d], Strides[d]) = (length, map, SourceCount);
            SourceCount *= size;
            Count = checked(Count * length);
        }
        if (shape.IsEmpty) return;
        int begin = pads[shape.Length - 1];
        InnerFirst = Math.Max(begin, 0);
        InnerSource = Math.Max(-begin, 0);
        InnerCopies = Math.Max(Math.Min(shape[^1] - InnerSource, Maps[^1].Length - InnerFirst), 0);
    }

    /// <summary>Shape of the result.</summary>
    public int[] Shape { get; }

    public int Count { get; }

    public int SourceCount { get; }

    internal int[][] Maps { get; }

    internal int[] Strides { get; }

    /// <summary>The innermost result indices from InnerFirst on are InnerCopies source indices from InnerSource on.</summary>
    internal int InnerFirst { get; }

    internal int InnerSource { get; }

    internal int InnerCopies { get; }

    static int Source(int index, int size, PadMode mode)
    {
        if (index >= 0 && index < size) return index;
        switch (mode)
        {
            case PadMode.Constant: return -1;
            case PadMode.Edge: return Math.Clamp(index, 0, size - 1);
            case PadMode.Wrap: return ((index % size) + size) % size;
            case PadMode.Reflect:
                if (size == 1) return 0;
                int period = 2 * (size - 1), at = ((index % period) + period) % period;
                return at < size ? at : period - at;
            default: throw new ArgumentException($"unknown pad mode {(int)mode}");
        }
    }
}
