using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>ONNX operators of two inputs that work element by element with broadcasting.</summary>
static class BinaryImports
{
    public static void Add(NodeImport n) => Import(n, BinaryKind.Add, (a, b) => a + b);

    public static void Sub(NodeImport n) => Import(n, BinaryKind.Sub, (a, b) => a - b);

    public static void Mul(NodeImport n) => Import(n, BinaryKind.Mul, (a, b) => a * b);

    public static void Div(NodeImport n) => Import(n, BinaryKind.Div, (a, b) => a / b);

    /// <summary>The slope broadcasts towards x only.</summary>
    public static void PRelu(NodeImport n) => Emit(n, BinaryKind.PRelu);

    static void Import(NodeImport n, BinaryKind kind, Func<double, double, double> fold)
    {
        if (n.CanFold()) n.Fold(ConstantFolding.Binary(n.Constant(0), n.Constant(1), fold, n.Node.OpType));
        else Emit(n, kind);
    }

    static void Emit(NodeImport n, BinaryKind kind)
    {
        var (a, b) = (n.Shape(0), n.Shape(1));
        var shape = ImportShapes.Broadcast(a, b);
        n.Emit(new BinaryOperator(n.Node.OpType, kind, new Broadcast(a.ToArray(), b.ToArray())), shape, n.Value(0), n.Value(1));
    }
}
