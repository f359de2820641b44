namespace EdgeDropBack.Kernels;

/// <summary>Plan of one reduction: a shape and the axes that vanish. Neighbouring axes that are treated alike are merged.</summary>
public sealed class ReduceShape
{
    /// <summary>Shape outermost first; axes may be negative (from the end); no axes means all of them.</summary>
    /// <exception cref="ArgumentException">An axis is out of range.</exception>
    public ReduceShape(ReadOnlySpan<int> shape, ReadOnlySpan<int> axes)
    {
        var reduced = new bool[shape.Length];
        if (axes.IsEmpty) Array.Fill(reduced, true);
        foreach (int axis in axes)
        {
            if (axis < -shape.Length || axis >= shape.Length) throw new ArgumentException($"axis {axis} is outside rank {shape.Length}");
            reduced[axis < 0 ? axis + shape.Length : axis] = true;
        }
        KeptDimensions = new int[shape.Length];
        var sizes = new List<int>();
        var kinds = new List<bool>();
        for (int i = 0; i < shape.Length; i++)
        {
            KeptDimensions[i] = reduced[i] ? 1 : shape[i];
            if (shape[i] == 1) continue;
            if (kinds.Count > 0 && kinds[^1] == reduced[i]) sizes[^1] *= shape[i];
            else
            {
                sizes.Add(shape[i]);
                kinds.Add(reduced[i]);
            }
        }
        if (sizes.Count == 0)
        {
            sizes.Add(1);
            kinds.Add(false);
        }
        Sizes = [.. sizes];
        OutputStrides = new int[Sizes.Length];
        var keptSizes = new List<int>();
        var keptStrides = new List<int>();
        var reducedSizes = new List<int>();
        var reducedStrides = new List<int>();
        Count = OutputCount = ReducedCount = 1;
        for (int d = Sizes.Length - 1; d >= 0; d--)
        {
            (kinds[d] ? reducedSizes : keptSizes).Insert(0, Sizes[d]);
            (kinds[d] ? reducedStrides : keptStrides).Insert(0, Count);
            Count *= Sizes[d];
            if (kinds[d])
            {
                ReducedCount *= Sizes[d];
                continue;
            }
            OutputStrides[d] = OutputCount;
            OutputCount *= Sizes[d];
        }
        (KeptSizes, KeptStrides, ReducedSizes, ReducedStrides) = ([.. keptSizes], [.. keptStrides], [.. reducedSizes], [.. reducedStrides]);
    }

    /// <summary>The result's shape with keepdims: reduced axes have size 1.</summary>
    public int[] KeptDimensions { get; }

    public int Count { get; }

    public int OutputCount { get; }

    /// <summary>Inputs behind each output.</summary>
    public int ReducedCount { get; }

    internal int[] Sizes { get; }

    /// <summary>By merged axis, 0 where reduced.</summary>
    internal int[] OutputStrides { get; }

    internal int[] KeptSizes { get; }

    internal int[] KeptStrides { get; }

    internal int[] ReducedSizes { get; }

    internal int[] ReducedStrides { get; }
}
