using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Comparisons, logical operators, and what chooses by them.</summary>
static class CompareImports
{
    public static void Equal(NodeImport n) => Import(n, CompareKind.Equal);

    public static void Greater(NodeImport n) => Import(n, CompareKind.Greater);

    public static void GreaterOrEqual(NodeImport n) => Import(n, CompareKind.GreaterOrEqual);

    public static void Less(NodeImport n) => Import(n, CompareKind.Less);

    public static void LessOrEqual(NodeImport n) => Import(n, CompareKind.LessOrEqual);

    public static void And(NodeImport n) => Import(n, CompareKind.And);

    public static void Or(NodeImport n) => Import(n, CompareKind.Or);

    public static void Xor(NodeImport n) => Import(n, CompareKind.Xor);

    public static void Not(NodeImport n)
    {
        if (n.CanFold()) n.Fold(n.Constant(0) with { Values = [.. n.Constant(0).Values.Select(v => v == 0 ? 1.0 : 0.0)] });
        else AgainstSelf(n, CompareKind.Equal, n.Builder.ConstantValue("false", Graphs.Shape.Scalar, [0f]));
    }

    public static void IsNaN(NodeImport n) => AgainstSelf(n, CompareKind.NotEqual, n.AnyValue(0));

    public static void IsInf(NodeImport n)
    {
        var (x, both) = (n.Value(0), n.Node.Int("detect_negative", 1) != 0 && n.Node.Int("detect_positive", 1) != 0);
        if (both) x = n.Intermediate(".abs", new UnaryOperator("Abs", UnaryKind.Abs), x.Shape, x);
        var sought = n.Node.Int("detect_positive", 1) != 0 ? float.PositiveInfinity
            : n.Node.Int("detect_negative", 1) != 0 ? float.NegativeInfinity : float.NaN;
        var infinity = n.Expanded(n.Builder.ConstantValue("infinity", Graphs.Shape.Scalar, [sought]), x.Shape, 1);
        n.Emit(OnnxDataType.Bool, new CompareOperator("IsInf", CompareKind.Equal), x.Shape, x, infinity);
    }

    public static void Where(NodeImport n)
    {
        var shape = ImportShapes.Broadcast(ImportShapes.Broadcast(n.Shape(0), n.Shape(1)), n.Shape(2));
        if (n.CanFold())
        {
            var chosen = ConstantFolding.Expand(n.Constant(0), shape).Values;
            var (a, b) = (ConstantFolding.Expand(n.Constant(1), shape), ConstantFolding.Expand(n.Constant(2), shape));
            n.Fold(a with { Values = [.. chosen.Select((c, i) => c != 0 ? a.Values[i] : b.Values[i])] });
            return;
        }
        n.Emit(n.Type(1), new WhereOperator(), shape, n.Expanded(0, shape), n.Expanded(1, shape), n.Expanded(2, shape));
    }

    static void Import(NodeImport n, CompareKind kind)
    {
        if (n.CanFold())
        {
            var (a, b) = (n.Constant(0), n.Constant(1));
            var folded = ConstantFolding.Binary(a, b, (x, y) => CompareOperator.Holds(kind, x, y) ? 1 : 0, n.Node.OpType);
            n.Fold(folded with { Type = OnnxDataType.Bool });
            return;
        }
        var shape = ImportShapes.Broadcast(n.Shape(0), n.Shape(1));
        n.Emit(OnnxDataType.Bool, new CompareOperator(n.Node.OpType, kind), shape, n.Expanded(0, shape), n.Expanded(1, shape));
    }

    static void AgainstSelf(NodeImport n, CompareKind kind, Value other)
    {
        var x = n.AnyValue(0);
        n.Emit(OnnxDataType.Bool, new CompareOperator(n.Node.OpType, kind), x.Shape, x, n.Expanded(other, x.Shape, 1));
    }
}
