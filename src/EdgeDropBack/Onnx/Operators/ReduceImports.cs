using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Reductions; axes are an attribute first and an input from opset 18 on (13 for ReduceSum).</summary>
static class ReduceImports
{
    public static void Mean(NodeImport n) => Import(n, ReduceKind.Mean);

    static void Import(NodeImport n, ReduceKind kind)
    {
        var x = n.Shape(0);
        var axes = n.IntsFromInputOrAttribute(1, "axes") is { Length: > 0 } given ? [.. given.Select(x.Axis).Order()]
            : n.Node.Int("noop_with_empty_axes", 0) != 0 ? [] : Enumerable.Range(0, x.Rank).ToArray();
        ImportShapes.Expect(axes.Distinct().Count() == axes.Length, $"axes [{string.Join(", ", axes)}] name a dimension twice");
        if (axes.Length == 0)
        {
            n.Emit(new ViewOperator(n.Node.OpType), x, n.Value(0));
            return;
        }
        var keep = n.Node.Int("keepdims", 1) != 0;
        int[] y = keep
            ? [.. x.Dims.Select((dim, i) => axes.Contains(i) ? 1 : dim)]
            : [.. x.Dims.Where((_, i) => !axes.Contains(i))];
        n.Emit(new ReduceOperator(n.Node.OpType, kind, new ReduceShape(x.ToArray(), axes)), new Shape(y), n.Value(0));
    }
}
