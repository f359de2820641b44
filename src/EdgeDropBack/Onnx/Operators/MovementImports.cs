using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Operators that pick, repeat or rearrange elements of any type.</summary>
static class MovementImports
{
    /// <summary>Starts, ends and axes are attributes up to opset 9 and inputs from 10 on.</summary>
    public static void Slice(NodeImport n)
    {
        var x = n.Shape(0);
        var starts = n.Opset < 10 ? [.. n.Node.Ints("starts", [])] : n.Ints(1);
        var ends = n.Opset < 10 ? [.. n.Node.Ints("ends", [])] : n.Ints(2);
        var axes = (n.Opset < 10 ? n.Node.Ints("axes")?.ToArray() : n.Has(3) ? n.Ints(3) : null)
            ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        var steps = n.Opset >= 10 && n.Has(4) ? n.Ints(4) : [.. Enumerable.Repeat(1L, starts.Length)];
        ImportShapes.Expect(starts.Length == ends.Length && starts.Length == axes.Length && starts.Length == steps.Length,
            "starts, ends, axes and steps differ in length");
        if (n.CanFold())
        {
            n.Fold(ConstantFolding.Slice(n.Constant(0), starts, ends, axes, steps));
            return;
        }
        var (first, counts, strides) = (new int[x.Rank], x.ToArray(), new int[x.Rank]);
        Array.Fill(strides, 1);
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = x.Axis(axes[i]);
            (first[axis], counts[axis]) = ConstantFolding.SliceRange(starts[i], ends[i], steps[i], x[axis]);
            strides[axis] = (int)Math.Clamp(steps[i], -int.MaxValue, int.MaxValue);
            if (counts[axis] <= 1) strides[axis] = 1;
            if (counts[axis] == 0) first[axis] = 0;
        }
        Emit(n, StridedView.Slice(x.ToArray(), first, counts, strides));
    }

    public static void Expand(NodeImport n)
    {
        var shape = ImportShapes.Broadcast(n.Shape(0), ImportShapes.ToShape(n.Ints(1), "shape"));
        if (n.CanFold() && shape.Count <= ConstantTensor.MaxElements) n.Fold(ConstantFolding.Expand(n.Constant(0), shape));
        else Emit(n, StridedView.Expand(n.Shape(0).ToArray(), shape.ToArray()));
    }

    public static void Tile(NodeImport n)
    {
        ImportShapes.Expect(n.Opset >= 6, "Tile of opset 1 is not supported; convert the model to opset 6 or newer");
        var x = n.Shape(0).ToArray();
        var repeats = n.Ints(1).Select(r => ImportShapes.Small(r, "repeats")).ToArray();
        ImportShapes.Expect(repeats.Length == x.Length, $"repeats has {repeats.Length} numbers, expected {x.Length}");
        Emit(n, StridedView.Tile(x, repeats));
    }

    public static void DepthToSpace(NodeImport n)
    {
        var (x, block) = Blocks(n);
        ImportShapes.Expect(x[1] % (block * block) == 0, $"{x[1]} channels are no multiple of {block} x {block}");
        var mode = n.Node.String("mode", "DCR");
        ImportShapes.Expect(mode is "DCR" or "CRD", $"mode is '{mode}', expected DCR or CRD");
        Emit(n, StridedView.DepthToSpace(x[0], x[1], x[2], x[3], block, mode == "CRD"));
    }

    public static void SpaceToDepth(NodeImport n)
    {
        var (x, block) = Blocks(n);
        ImportShapes.Expect(x[2] % block == 0 && x[3] % block == 0, $"{x[2]} x {x[3]} is no multiple of {block}");
        Emit(n, StridedView.SpaceToDepth(x[0], x[1], x[2], x[3], block));
    }

    /// <summary>Pads are an attribute up to opset 10 and an input from 11 on; axes are there from 18 on.</summary>
    public static void Pad(NodeImport n)
    {
        var x = n.Shape(0);
        var given = n.Opset < 11 ? [.. n.Node.Ints("pads", n.Node.Ints("paddings", []))] : n.Ints(1);
        var axes = n.Has(3) ? n.Ints(3).Select(x.Axis).ToArray() : [.. Enumerable.Range(0, x.Rank)];
        ImportShapes.Expect(given.Length == 2 * axes.Length, $"pads has {given.Length} numbers, expected {2 * axes.Length}");
        var pads = new int[2 * x.Rank];
        for (var i = 0; i < axes.Length; i++)
        {
            ImportShapes.Expect(Math.Max(Math.Abs(given[i]), Math.Abs(given[i + axes.Length])) < 1 << 24, $"pads holds {given[i]}");
            (pads[axes[i]], pads[axes[i] + x.Rank]) = ((int)given[i], (int)given[i + axes.Length]);
            var length = x[axes[i]] + pads[axes[i]] + pads[axes[i] + x.Rank];
            ImportShapes.Expect(length >= 0, $"pads crop more than dimension {axes[i]} of {x} has");
        }
        var mode = n.Node.String("mode", "constant") switch
        {
            "constant" => PadMode.Constant,
            "reflect" => PadMode.Reflect,
            "edge" => PadMode.Edge,
            "wrap" => PadMode.Wrap,
            var other => throw EdbException.Refused($"mode is '{other}', expected constant, reflect, edge or wrap"),
        };
        ImportShapes.Expect(mode == PadMode.Constant || !x.Dims.Contains(0), $"x {x} is empty and cannot be padded by {mode}");
        var value = n.Opset < 11 ? n.Node.Float("value", 0f) : n.Has(2) ? n.Float(2) : 0f;
        var shape = new PadShape(x.ToArray(), pads, mode);
        n.Emit(n.Type(0), new PadOperator(shape, value), new Shape(shape.Shape), n.AnyValue(0));
    }

    /// <summary>Sizes are an attribute up to opset 12, an input from 13 on, or equal for all outputs.</summary>
    public static void Split(NodeImport n)
    {
        var x = n.Shape(0);
        var axis = x.Axis(n.Node.Int("axis", 0));
        var sizes = n.IntsFromInputOrAttribute(1, "split")?.Select(s => ImportShapes.Small(s, "split")).ToArray()
            ?? Equal(x[axis], n.OutputCount);
        ImportShapes.Expect(sizes.Length == n.OutputCount && sizes.Sum() == x[axis],
            $"split [{string.Join(", ", sizes)}] does not fit {n.OutputCount} outputs of dimension {axis} of {x}");
        if (!n.CanFold())
        {
            n.EmitMany(n.Type(0), new SplitOperator(axis), [.. sizes.Select(size => With(x, axis, size))], n.AnyValue(0));
            return;
        }
        for (int i = 0, start = 0; i < sizes.Length; start += sizes[i], i++)
            n.Bind(i, Operand.Of(ConstantFolding.Slice(n.Constant(0), [start], [start + sizes[i]], [axis], [1])));
    }

    public static void Gather(NodeImport n)
    {
        var (x, indices) = (n.Shape(0), n.Shape(1));
        var axis = x.Axis(n.Node.Int("axis", 0));
        ImportShapes.Expect(x.Rank > 0, "the data is a scalar");
        if (n.CanFold())
        {
            n.Fold(ConstantFolding.Gather(n.Constant(0), n.Constant(1), axis));
            return;
        }
        ExpectIndices(n, x[axis]);
        var shape = new Shape([.. x.Dims[..axis], .. indices.Dims, .. x.Dims[(axis + 1)..]]);
        var gather = new GatherOperator(axis, x.Product(0, axis), x[axis], x.Product(axis + 1, x.Rank));
        n.Emit(n.Type(0), gather, shape, n.AnyValue(0), n.AnyValue(1));
    }

    public static void GatherElements(NodeImport n)
    {
        var (x, indices) = (n.Shape(0), n.Shape(1));
        var axis = x.Axis(n.Node.Int("axis", 0));
        var fits = x.Rank == indices.Rank && Enumerable.Range(0, x.Rank).All(d => d == axis || indices[d] <= x[d]);
        ImportShapes.Expect(fits, $"indices {indices} do not fit data {x}");
        ExpectIndices(n, x[axis]);
        n.Emit(n.Type(0), new GatherElementsOperator(x, indices, axis), indices, n.AnyValue(0), n.AnyValue(1));
    }

    static void ExpectIndices(NodeImport n, int size)
    {
        ImportShapes.Expect(!n.Operand(1).IsFloat, $"the indices are {n.Type(1)}, expected whole numbers");
        if (!n.IsConstant(1)) return;
        foreach (var index in n.Ints(1)) ImportShapes.Expect(index >= -size && index < size, $"index {index} is outside an axis of {size}");
    }

    static void Emit(NodeImport n, StridedView view)
        => n.Emit(n.Type(0), new StridedViewOperator(n.Node.OpType, view), new Shape(view.Shape), n.AnyValue(0));

    static (Shape X, int Block) Blocks(NodeImport n)
    {
        var x = n.Shape(0);
        var block = ImportShapes.Small(n.Node.Int("blocksize", 0), "blocksize");
        ImportShapes.Expect(x.Rank == 4 && block is >= 1 and < 1 << 12,
            $"x is {x} and blocksize {block}, expected [batch, channels, height, width] and 1 to 4095");
        return (x, block);
    }

    /// <summary>Parts of equal size, the last one smaller where they do not divide the dimension.</summary>
    static int[] Equal(int length, int parts)
    {
        var size = (length + parts - 1) / parts;
        return [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(length - i * size, 0, size))];
    }

    static Shape With(Shape shape, int axis, int size)
    {
        var dims = shape.ToArray();
        dims[axis] = size;
        return new Shape(dims);
    }
}
