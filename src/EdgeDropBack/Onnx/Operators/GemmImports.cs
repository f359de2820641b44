using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Gemm and MatMul.</summary>
static class GemmImports
{
    public static void Gemm(NodeImport n)
    {
        var (alpha, beta) = (n.Node.Float("alpha", 1f), n.Node.Float("beta", 1f));
        var (a, b) = (n.Shape(0), n.Shape(1));
        ImportShapes.Expect(a.Rank == 2 && b.Rank == 2, $"A has shape {a} and B {b}, expected matrices");
        var x = n.Value(0);
        if (n.Node.Int("transA", 0) != 0)
        {
            a = new Shape(a[1], a[0]);
            x = n.Intermediate(".transA", new TransposeOperator(x.Shape, [1, 0]), a, x);
        }
        var (w, transposed) = Weights(n, n.Node.Int("transB", 0) != 0);
        var (columns, inner) = transposed ? (w.Shape[0], w.Shape[1]) : (w.Shape[1], w.Shape[0]);
        ImportShapes.Expect(a[1] == inner, $"A {a} and B {b} do not fit: {a[1]} columns against {inner} rows");
        var y = new Shape(a[0], columns);
        var c = n.Has(2) ? n.Value(2) : null;
        var isRow = c is not null && beta == 1f && c.Shape.Count == columns && c.Shape.Rank is 1 or 2 && c.Shape[c.Shape.Rank - 1] == columns;
        if (c is null || isRow)
        {
            if (isRow && c!.Shape.Rank == 2) c = n.Intermediate(".bias", new ViewOperator("Reshape"), new Shape(columns), c);
            n.Emit(new GemmOperator("Gemm", alpha, transposed), y, x, w, c);
            return;
        }
        ImportShapes.Expect(ImportShapes.Broadcast(y, c.Shape).Equals(y), $"C has shape {c.Shape}, which does not broadcast to {y}");
        var product = n.Intermediate(".product", new GemmOperator("Gemm", alpha, transposed), y, x, w, null);
        if (beta != 1f)
            c = n.Intermediate(".beta", new BinaryOperator("Mul", BinaryKind.Mul, new Broadcast(c.Shape.ToArray(), [])), c.Shape, c,
                n.Builder.ConstantValue("beta", Graphs.Shape.Scalar, [beta]));
        n.Emit(new BinaryOperator("Add", BinaryKind.Add, new Broadcast(y.ToArray(), c.Shape.ToArray())), y, product, c);
    }

    public static void MatMul(NodeImport n)
    {
        var (a, b) = (n.Shape(0), n.Shape(1));
        ImportShapes.Expect(a.Rank >= 1 && b.Rank >= 1, $"A has shape {a} and B {b}; MatMul takes no scalars");
        if (b.Rank == 2 && a.Rank >= 2)
        {
            var (w, transposed) = Weights(n, false);
            ImportShapes.Expect(a[a.Rank - 1] == b[0], $"A {a} and B {b} do not fit: {a[a.Rank - 1]} columns against {b[0]} rows");
            n.Emit(new GemmOperator("MatMul", 1f, transposed), new Shape([.. a.Dims[..^1], b[1]]), n.Value(0), w, null);
            return;
        }
        var (left, right) = (a.Rank == 1 ? new Shape(1, a[0]) : a, b.Rank == 1 ? new Shape(b[0], 1) : b);
        ImportShapes.Expect(left[left.Rank - 1] == right[right.Rank - 2],
            $"A {a} and B {b} do not fit: {left[left.Rank - 1]} columns against {right[right.Rank - 2]} rows");
        var outer = ImportShapes.Broadcast(new Shape(left.Dims[..^2].AsSpan()), new Shape(right.Dims[..^2].AsSpan()));
        var full = new Shape([.. outer.Dims, left[left.Rank - 2], right[right.Rank - 1]]);
        var x = Viewed(n, ".a", n.Value(0), left);
        var y = Viewed(n, ".b", n.Value(1), right);
        if (a.Rank > 1 && b.Rank > 1)
        {
            n.Emit(new MatMulOperator(left, right, full), full, x, y);
            return;
        }
        var product = n.Intermediate(".product", new MatMulOperator(left, right, full), full, x, y);
        List<int> dims = [.. outer.Dims];
        if (a.Rank > 1) dims.Add(left[left.Rank - 2]);
        if (b.Rank > 1) dims.Add(right[right.Rank - 1]);
        n.Emit(new ViewOperator("MatMul"), new Shape([.. dims]), product);
    }

    /// <summary>Input 1 as it is stored, and whether that is [n, k].</summary>
    static (Value Weights, bool Transposed) Weights(NodeImport n, bool transposed)
    {
        var operand = n.Operand(1);
        if (operand.IsTransposed && n.Builder.CanBeParameter(operand))
            return (n.Builder.StoredParameter(operand), !transposed);
        return (n.Value(1), transposed);
    }

    static Value Viewed(NodeImport n, string suffix, Value value, Shape shape)
        => value.Shape.Equals(shape) ? value : n.Intermediate(suffix, new ViewOperator("Reshape"), shape, value);
}
