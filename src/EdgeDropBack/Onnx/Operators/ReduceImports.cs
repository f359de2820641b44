using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Reductions; axes are an attribute first and an input from opset 18 on (13 for ReduceSum).</summary>
static class ReduceImports
{
    public static void Mean(NodeImport n) => Import(n, ReduceKind.Mean);

    public static void Sum(NodeImport n) => Import(n, ReduceKind.Sum);

    public static void Max(NodeImport n) => Import(n, ReduceKind.Max);

    public static void Min(NodeImport n) => Import(n, ReduceKind.Min);

    public static void Prod(NodeImport n) => Import(n, ReduceKind.Prod);

    public static void L1(NodeImport n) => Import(n, ReduceKind.L1);

    public static void L2(NodeImport n) => Import(n, ReduceKind.L2);

    public static void LogSum(NodeImport n) => Import(n, ReduceKind.LogSum);

    public static void LogSumExp(NodeImport n) => Import(n, ReduceKind.LogSumExp);

    public static void SumSquare(NodeImport n) => Import(n, ReduceKind.SumSquare);

    public static void ArgMax(NodeImport n) => Argument(n, isMinimum: false);

    public static void ArgMin(NodeImport n) => Argument(n, isMinimum: true);

    static void Import(NodeImport n, ReduceKind kind)
    {
        var x = n.Shape(0);
        var axes = n.IntsFromInputOrAttribute(1, "axes") is { Length: > 0 } given ? [.. given.Select(x.Axis).Order()]
            : n.Node.Int("noop_with_empty_axes", 0) != 0 ? [] : Enumerable.Range(0, x.Rank).ToArray();
        ImportShapes.Expect(axes.Distinct().Count() == axes.Length, $"axes [{string.Join(", ", axes)}] name a dimension twice");
        var y = Reduced(n, x, axes);
        if (n.CanFold() && ConstantFolding.Reduce(kind, n.Constant(0), axes, y) is { } folded) n.Fold(folded);
        else if (x.Count == 0) n.Fold(OfNothing(kind, n.Type(0), y));
        else if (axes.Length == 0) OfSingles(n, kind, x);
        else
        {
            var isExact = kind is ReduceKind.Max or ReduceKind.Min
                || (kind == ReduceKind.Sum && n.Type(0) is OnnxDataType.Int32 or OnnxDataType.Int64);
            var reduction = new ReduceOperator(n.Node.OpType, kind, new ReduceShape(x.ToArray(), axes));
            n.Emit(n.Type(0), reduction, y, isExact ? n.AnyValue(0) : n.Value(0));
        }
    }

    /// <summary>Without axes nothing is reduced, but what a reduction does to a single element is done.</summary>
    static void OfSingles(NodeImport n, ReduceKind kind, Shape x)
    {
        if (kind is ReduceKind.L1 or ReduceKind.L2 or ReduceKind.SumSquare or ReduceKind.LogSum)
            n.Emit(new ReduceOperator(n.Node.OpType, kind, new ReduceShape([.. x.Dims, 1], [x.Rank])), x, n.Value(0));
        else n.Emit(n.Type(0), new ViewOperator(n.Node.OpType), x, n.AnyValue(0));
    }

    /// <summary>What a reduction makes of an empty set.</summary>
    static ConstantTensor OfNothing(ReduceKind kind, OnnxDataType type, Shape y)
    {
        ImportShapes.Expect(y.Count <= ConstantTensor.MaxElements, $"{y.Count} empty sets are reduced");
        var values = new double[y.Count];
        Array.Fill(values, kind switch
        {
            ReduceKind.Prod => 1,
            ReduceKind.Max or ReduceKind.LogSum or ReduceKind.LogSumExp => double.NegativeInfinity,
            ReduceKind.Min => double.PositiveInfinity,
            ReduceKind.Mean => double.NaN,
            _ => 0,
        });
        return new(type, y, values);
    }

    static void Argument(NodeImport n, bool isMinimum)
    {
        var x = n.Shape(0);
        var axis = x.Axis(n.Node.Int("axis", 0));
        ImportShapes.Expect(x.Rank == 0 || x[axis] > 0, $"axis {axis} of {x} is empty");
        var (outer, length, inner) = (x.Product(0, axis), x.Rank == 0 ? 1 : x[axis], x.Product(Math.Min(axis + 1, x.Rank), x.Rank));
        n.Emit(OnnxDataType.Int64, new ArgExtremeOperator(isMinimum, n.Node.Int("select_last_index", 0) != 0, outer, length, inner),
            Reduced(n, x, [axis]), n.AnyValue(0));
    }

    static Shape Reduced(NodeImport n, Shape x, int[] axes) => n.Node.Int("keepdims", 1) != 0
        ? new Shape([.. x.Dims.Select((dim, i) => axes.Contains(i) ? 1 : dim)])
        : new Shape([.. x.Dims.Where((_, i) => !axes.Contains(i))]);
}
