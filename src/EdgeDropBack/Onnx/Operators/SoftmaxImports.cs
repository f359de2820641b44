using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Softmax and LogSoftmax: up to opset 12 over everything from the axis on (default 1), then over one axis (default -1).</summary>
static class SoftmaxImports
{
    public static void Softmax(NodeImport n) => Import(n, false);

    public static void LogSoftmax(NodeImport n) => Import(n, true);

    static void Import(NodeImport n, bool logarithm)
    {
        var x = n.Shape(0);
        var single = n.Opset >= 13;
        var axis = x.Axis(n.Node.Int("axis", single ? -1 : 1));
        var (outer, length, inner) = single
            ? (x.Product(0, axis), x[axis], x.Product(axis + 1, x.Rank))
            : (x.Product(0, axis), x.Product(axis, x.Rank), 1);
        n.Emit(new SoftmaxOperator(logarithm, outer, length, inner), x, n.Value(0));
    }
}
