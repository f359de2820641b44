namespace EdgeDropBack.Kernels;

/// <summary>
/// Plan of a rearrangement: element [i, j, ...] of a dense result is the source element at Start + i Strides[0] + j Strides[1] + ...
/// Transposing, slicing with steps and expanding are all of this form. Axes that lie together are merged.
/// </summary>
public sealed class StridedView
{
    StridedView(ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides, int start, int sourceCount)
    {
        var mergedSizes = new List<int>();
        var mergedStrides = new List<int>();
        Count = 1;
        for (int d = 0; d < sizes.Length; d++)
        {
            Count = checked(Count * sizes[d]);
            if (sizes[d] == 1) continue;
            if (mergedSizes.Count > 0 && mergedStrides[^1] == strides[d] * sizes[d])
            {
                mergedSizes[^1] *= sizes[d];
                mergedStrides[^1] = strides[d];
                continue;
            }
            mergedSizes.Add(sizes[d]);
            mergedStrides.Add(strides[d]);
        }
        if (mergedSizes.Count == 0)
        {
            mergedSizes.Add(1);
            mergedStrides.Add(1);
        }
        (Shape, Sizes, Strides, Start, SourceCount) = (sizes.ToArray(), [.. mergedSizes], [.. mergedStrides], start, sourceCount);
    }

    /// <summary>Shape of the result.</summary>
    public int[] Shape { get; private init; }

    /// <summary>Elements of the result.</summary>
    public int Count { get; }

    /// <summary>Elements of the source.</summary>
    public int SourceCount { get; }

    internal int[] Sizes { get; }

    internal int[] Strides { get; }

    internal int Start { get; }

    /// <summary>Result axis d is source axis permutation[d], as in numpy and ONNX.</summary>
    public static StridedView Transpose(ReadOnlySpan<int> shape, ReadOnlySpan<int> permutation)
    {
        if (permutation.Length != shape.Length) throw new ArgumentException($"a permutation of {permutation.Length} axes for rank {shape.Length}");
        var source = DenseStrides(shape, out int count);
        int[] sizes = new int[shape.Length], strides = new int[shape.Length];
        var used = new bool[shape.Length];
        for (int d = 0; d < sizes.Length; d++)
        {
            int axis = permutation[d];
            if (axis < 0 || axis >= shape.Length || used[axis]) throw new ArgumentException($"axes [{string.Join(",", permutation.ToArray())}] are no permutation");
            used[axis] = true;
            (sizes[d], strides[d]) = (shape[axis], source[axis]);
        }
        return new(sizes, strides, 0, count);
    }

    /// <summary>Per axis counts[d] elements from starts[d] on, steps[d] apart (negative: backwards).</summary>
    public static StridedView Slice(ReadOnlySpan<int> shape, ReadOnlySpan<int> starts, ReadOnlySpan<int> counts, ReadOnlySpan<int> steps)
    {
        var strides = DenseStrides(shape, out int count);
        int start = 0;
        for (int d = 0; d < shape.Length; d++)
        {
            int last = starts[d] + ((counts[d] - 1) * steps[d]);
            if (counts[d] > 0 && (starts[d] < 0 || starts[d] >= shape[d] || last < 0 || last >= shape[d]))
                throw new ArgumentException($"a slice from {starts[d]} to {last} leaves axis {d} of size {shape[d]}");
            start += starts[d] * strides[d];
            strides[d] *= steps[d];
        }
        return new(counts, strides, start, count);
    }

    /// <summary>Repeats axes of size 1 and adds leading axes until the shape is <paramref name="target"/>.</summary>
    public static StridedView Expand(ReadOnlySpan<int> shape, ReadOnlySpan<int> target)
    {
        var source = DenseStrides(shape, out int count);
        int lead = target.Length - shape.Length;
        if (lead < 0) throw new ArgumentException($"rank {shape.Length} does not expand to rank {target.Length}");
        var strides = new int[target.Length];
        for (int d = lead; d < target.Length; d++)
        {
            if (shape[d - lead] != target[d] && shape[d - lead] != 1)
                throw new ArgumentException($"axis {d} of size {shape[d - lead]} does not expand to {target[d]}");
            strides[d] = shape[d - lead] == 1 ? 0 : source[d - lead];
        }
        return new(target, strides, 0, count);
    }

    /// <summary>Source axes of the same result axis run along their diagonal; they have the same size.</summary>
    /// <param name="axes">By source axis: the axis of the result, from 0 without gaps.</param>
    public static StridedView Diagonal(ReadOnlySpan<int> shape, ReadOnlySpan<int> axes)
    {
        var source = DenseStrides(shape, out int count);
        int rank = 0;
        foreach (int axis in axes) rank = Math.Max(rank, axis + 1);
        int[] sizes = new int[rank], strides = new int[rank];
        for (int d = 0; d < shape.Length; d++)
        {
            if (strides[axes[d]] != 0 && sizes[axes[d]] != shape[d]) throw new ArgumentException($"axes of {sizes[axes[d]]} and {shape[d]} have no diagonal");
            sizes[axes[d]] = shape[d];
            strides[axes[d]] += source[d];
        }
        return new(sizes, strides, 0, count);
    }

    /// <summary>The source repeated repeats[d] times along each axis, as numpy's tile.</summary>
    public static StridedView Tile(ReadOnlySpan<int> shape, ReadOnlySpan<int> repeats)
    {
        var source = DenseStrides(shape, out int count);
        int[] sizes = new int[2 * shape.Length], strides = new int[2 * shape.Length], result = new int[shape.Length];
        for (int d = 0; d < shape.Length; d++)
        {
            (sizes[2 * d], sizes[(2 * d) + 1], strides[(2 * d) + 1]) = (repeats[d], shape[d], source[d]);
            result[d] = checked(repeats[d] * shape[d]);
        }
        return new(sizes, strides, 0, count) { Shape = result };
    }

    /// <summary>
    /// [batch, count, channels, kernel, inner] windows over the depth of [batch, channels, depth, inner]: element k of window i is depth
    /// i stride + k dilation.
    /// </summary>
    public static StridedView DepthWindows(int batch, int channels, int depth, int inner, int count, int kernel, int stride, int dilation)
    {
        if (count > 0 && (((count - 1L) * stride) + ((kernel - 1L) * dilation)) >= depth)
            throw new ArgumentException($"{count} windows of {kernel} (stride {stride}, dilation {dilation}) leave a depth of {depth}");
        int plane = checked(depth * inner), source = checked(batch * channels * plane);
        return new([batch, count, channels, kernel, inner], [channels * plane, stride * inner, plane, dilation * inner, 1], 0, source);
    }

    /// <summary>ONNX DepthToSpace of [batch, channels, height, width]; columnRowDepth is its mode CRD, else DCR.</summary>
    public static StridedView DepthToSpace(int batch, int channels, int height, int width, int block, bool columnRowDepth)
    {
        int depth = channels / (block * block);
        int[] result = [batch, depth, height * block, width * block];
        return columnRowDepth
            ? Transpose([batch, depth, block, block, height, width], [0, 1, 4, 2, 5, 3]).Reshaped(result)
            : Transpose([batch, block, block, depth, height, width], [0, 3, 4, 1, 5, 2]).Reshaped(result);
    }

    /// <summary>ONNX SpaceToDepth of [batch, channels, height, width].</summary>
    public static StridedView SpaceToDepth(int batch, int channels, int height, int width, int block) =>
        Transpose([batch, channels, height / block, block, width / block, block], [0, 3, 5, 1, 2, 4])
            .Reshaped([batch, channels * block * block, height / block, width / block]);

    StridedView Reshaped(int[] shape) => new(Sizes, Strides, Start, SourceCount) { Shape = shape };

    static int[] DenseStrides(ReadOnlySpan<int> shape, out int count)
    {
        var strides = new int[shape.Length];
        count = 1;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            strides[d] = count;
            count = checked(count * shape[d]);
        }
        return strides;
    }
}
