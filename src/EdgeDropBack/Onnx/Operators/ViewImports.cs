using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Operators that give the same elements another shape.</summary>
static class ViewImports
{
    /// <summary>
    /// Weights behind an Identity, where others read its input too, are weights of their own: exporters write one where they merged equal initializers.
    /// </summary>
    public static void Identity(NodeImport n)
    {
        var x = n.Operand(0);
        var isCopy = n.Gives(0) && !n.Builder.IsInFunction && n.Builder.Readers.Of(n.Node.Inputs[0]) > 1
            && x is { Initializer: not null, Rounded: null, IsTransposed: false };
        n.Bind(0, !isCopy ? x : n.Builder.Head?.ReplaceCopy(n.Node.Outputs[0]) ?? n.Builder.Shared.Copy(x.AsStored(), n.Node.Outputs[0]));
    }

    public static void Flatten(NodeImport n)
    {
        var x = n.Shape(0);
        var axis = n.Node.Int("axis", 1);
        var at = (int)(axis < 0 ? axis + x.Rank : axis);
        ImportShapes.Expect(at >= 0 && at <= x.Rank, $"axis {axis} is outside shape {x}");
        View(n, new Shape(x.Product(0, at), x.Product(at, x.Rank)));
    }

    public static void Reshape(NodeImport n)
    {
        var x = n.Shape(0);
        var wanted = n.Opset < 5 ? [.. n.Node.Ints("shape", [])] : n.Ints(1);
        var keepZeros = n.Node.Int("allowzero", 0) != 0;
        var open = Array.IndexOf(wanted, -1L);
        ImportShapes.Expect(open < 0 || Array.LastIndexOf(wanted, -1L) == open, $"shape [{string.Join(", ", wanted)}] leaves two dimensions open");
        var dims = new int[wanted.Length];
        for (var i = 0; i < dims.Length; i++)
        {
            if (i == open) dims[i] = 1;
            else dims[i] = wanted[i] == 0 && !keepZeros && i < x.Rank ? x[i] : ImportShapes.Small(wanted[i], "shape");
        }
        if (open != 0 && !n.IsConstant(0) && n.Builder.IsDeclaredBatch(dims, x) && (open > 0 || new Shape(dims).Count != x.Count)) dims[0] = x[0];
        if (open >= 0)
        {
            var known = new Shape(dims).Count;
            ImportShapes.Expect(known > 0 && x.Count % known == 0, $"{x} does not fit shape [{string.Join(", ", wanted)}]");
            dims[open] = x.Count / known;
        }
        var shape = new Shape(dims);
        ImportShapes.Expect(shape.Count == x.Count, $"{x} has {x.Count} elements, which do not fit shape [{string.Join(", ", wanted)}]");
        View(n, shape);
    }

    public static void Squeeze(NodeImport n)
    {
        var x = n.Shape(0);
        var axes = n.IntsFromInputOrAttribute(1, "axes") is { } given
            ? [.. given.Select(x.Axis)]
            : Enumerable.Range(0, x.Rank).Where(i => x[i] == 1).ToArray();
        foreach (var axis in axes) ImportShapes.Expect(x[axis] == 1, $"axis {axis} of {x} is not 1");
        View(n, new Shape([.. x.Dims.Where((_, i) => !axes.Contains(i))]));
    }

    public static void Unsqueeze(NodeImport n)
    {
        var x = n.Shape(0);
        var axes = n.IntsFromInputOrAttribute(1, "axes") ?? throw EdbException.Refused("axes are missing");
        var rank = x.Rank + axes.Length;
        var ones = axes.Select(axis => (int)(axis < 0 ? axis + rank : axis)).ToHashSet();
        ImportShapes.Expect(ones.Count == axes.Length && ones.All(axis => axis >= 0 && axis < rank),
            $"axes [{string.Join(", ", axes)}] do not fit {x}");
        var source = 0;
        View(n, new Shape([.. Enumerable.Range(0, rank).Select(i => ones.Contains(i) ? 1 : x[source++])]));
    }

    static void View(NodeImport n, Shape shape)
    {
        if (n.IsConstant(0) && n.Operand(0).Constant is { } constant) n.Fold(constant with { Shape = shape });
        else if (n.CanFold()) n.Fold(n.Constant(0) with { Shape = shape });
        else n.Emit(n.Type(0), new ViewOperator(n.Node.OpType), shape, n.AnyValue(0));
    }
}
