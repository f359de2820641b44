using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>ONNX operators of two or more inputs that work element by element with broadcasting.</summary>
static class BinaryImports
{
    public static void Add(NodeImport n) => Import(n, BinaryKind.Add, (a, b) => a + b);

    public static void Sub(NodeImport n) => Import(n, BinaryKind.Sub, (a, b) => a - b);

    public static void Mul(NodeImport n) => Import(n, BinaryKind.Mul, (a, b) => a * b);

    public static void Div(NodeImport n) => Import(n, BinaryKind.Div, (a, b) => a / b);

    /// <summary>The exponent may be an integer where the base is not.</summary>
    public static void Pow(NodeImport n)
    {
        if (n.CanFold() && n.Constant(1).Values.All(v => v == Math.Floor(v)))
            n.Fold(ConstantFolding.Binary(n.Constant(0), n.Constant(1), Power, n.Node.OpType));
        else Emit(n, BinaryKind.Pow, n.Value(0), n.AnyValue(1));
    }

    /// <summary>The slope broadcasts towards x only; up to opset 6 it is one number a channel.</summary>
    public static void PRelu(NodeImport n)
    {
        var (x, slope) = (n.Value(0), n.Value(1));
        if (n.Opset < 7 && slope.Shape is { Rank: 1, Count: > 1 } && x.Shape.Rank > 2)
            slope = n.Expanded(slope, new Shape([slope.Shape[0], .. Enumerable.Repeat(1, x.Shape.Rank - 2)]), 1);
        ImportShapes.Expect(ImportShapes.Broadcast(x.Shape, slope.Shape).Equals(x.Shape), $"slope {slope.Shape} does not broadcast to x {x.Shape}");
        Emit(n, BinaryKind.PRelu, x, slope);
    }

    public static void Min(NodeImport n) => Variadic(n, BinaryKind.Min, Math.Min);

    public static void Max(NodeImport n) => Variadic(n, BinaryKind.Max, Math.Max);

    public static void Sum(NodeImport n) => Variadic(n, BinaryKind.Add, (a, b) => a + b);

    public static void Mean(NodeImport n)
    {
        var sum = Chain(n, BinaryKind.Add, n.Value);
        var share = n.Builder.ConstantValue("share", Graphs.Shape.Scalar, [n.InputCount]);
        n.Emit(new BinaryOperator("Mean", BinaryKind.Div, new Broadcast(sum.Shape.ToArray(), [])), sum.Shape, sum, share);
    }

    static void Import(NodeImport n, BinaryKind kind, Func<double, double, double> fold)
    {
        if (n.CanFold()) n.Fold(ConstantFolding.Binary(n.Constant(0), n.Constant(1), fold, n.Node.OpType));
        else if (kind != BinaryKind.Div && n.Type(0) is OnnxDataType.Int32 or OnnxDataType.Int64)
            Emit(n, kind, n.AnyValue(0), n.AnyValue(1));
        else Emit(n, kind, n.Value(0), n.Value(1));
    }

    static void Emit(NodeImport n, BinaryKind kind, Value a, Value b)
    {
        var shape = ImportShapes.Broadcast(a.Shape, b.Shape);
        n.Emit(n.Operand(0).IsFloat ? OnnxDataType.Float : n.Type(0), Operator(n, kind, a, b), shape, a, b);
    }

    /// <summary>Values of any type: the results are among them, or sums below 2^24.</summary>
    static void Variadic(NodeImport n, BinaryKind kind, Func<double, double, double> fold)
    {
        if (n.CanFold())
        {
            var result = n.Constant(0);
            for (var i = 1; i < n.InputCount; i++) result = ConstantFolding.Binary(result, n.Constant(i), fold, n.Node.OpType);
            n.Fold(result);
            return;
        }
        var value = Chain(n, kind, kind == BinaryKind.Add ? n.Value : n.AnyValue);
        n.Bind(0, Operand.Of(value, n.Type(0)));
    }

    static Value Chain(NodeImport n, BinaryKind kind, Func<int, Value> value)
    {
        ImportShapes.Expect(n.InputCount >= 1, "no inputs");
        var result = value(0);
        if (n.InputCount == 1) return n.Intermediate(".0", new ViewOperator("Identity"), result.Shape, result);
        for (var i = 1; i < n.InputCount; i++)
        {
            var next = value(i);
            var shape = ImportShapes.Broadcast(result.Shape, next.Shape);
            result = n.Intermediate($".{i}", Operator(n, kind, result, next), shape, result, next);
        }
        return result;
    }

    static BinaryOperator Operator(NodeImport n, BinaryKind kind, Value a, Value b)
        => new(n.Node.OpType, kind, new Broadcast(a.Shape.ToArray(), b.Shape.ToArray()));

    /// <summary>A whole power by repeated multiplication, exact for integers.</summary>
    static double Power(double a, double b)
    {
        var result = 1.0;
        for (var i = 0; i < Math.Min(Math.Abs(b), 64); i++) result *= a;
        return b < 0 ? 1 / result : result;
    }
}
