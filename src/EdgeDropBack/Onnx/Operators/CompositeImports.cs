using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Operators that are a few others.</summary>
static class CompositeImports
{
    /// <summary>(x - mean) / (deviation + 1e-9) over some axes.</summary>
    public static void MeanVarianceNormalization(NodeImport n)
    {
        var body = new Composition(n);
        var axes = body.Constant([.. n.Node.Ints("axes", [0, 2, 3])]);
        string Mean(string value) => body.Node("ReduceMean", [value, axes]);
        var centred = body.Node("Sub", [n.Node.Inputs[0], Mean(n.Node.Inputs[0])]);
        var deviation = body.Node("Sqrt", [Mean(body.Node("Mul", [centred, centred]))]);
        body.Give(0, body.Node("Div", [centred, body.Node("Add", [deviation, body.Constant(1e-9f)])]));
    }

    /// <summary>The upper or the lower triangle of matrices, from diagonal k on; zeros elsewhere.</summary>
    public static void Trilu(NodeImport n)
    {
        var body = new Composition(n);
        var (x, k, upper) = (n.Shape(0), n.Has(1) ? n.Ints(1)[0] : 0, n.Node.Int("upper", 1) != 0);
        ImportShapes.Expect(x.Rank >= 2, $"x has shape {x}, expected matrices");
        var kept = Matrix(OnnxDataType.Bool, x[x.Rank - 2], x[x.Rank - 1], (i, j) => upper ? j - i >= k : j - i <= k);
        var zero = body.Constant(new ConstantTensor(n.Type(0), Shape.Scalar, [0]));
        body.Give(0, body.Node("Where", [body.Constant(kept), n.Node.Inputs[0], zero]));
    }

    /// <summary>Sums of what comes before along an axis: a product with a triangle of ones.</summary>
    public static void CumSum(NodeImport n)
    {
        var body = new Composition(n);
        var (x, isFloat) = (n.Shape(0), n.Operand(0).IsFloat);
        ImportShapes.Expect(x.Rank > 0 && n.Ints(1).Length == 1, $"x has shape {x} and there are {n.Ints(1).Length} axes, expected one of a shape");
        var axis = x.Axis(n.Ints(1)[0]);
        var (exclusive, reverse) = (n.Node.Int("exclusive", 0) != 0, n.Node.Int("reverse", 0) != 0);
        var counted = Matrix(OnnxDataType.Float, x[axis], x[axis], (i, j) => (reverse ? i >= j : i <= j) && !(exclusive && i == j));
        int[] last = [.. Enumerable.Range(0, x.Rank).Where(d => d != axis), axis];
        int[] back = [.. Enumerable.Range(0, x.Rank).Select(d => Array.IndexOf(last, d))];
        var value = isFloat ? n.Node.Inputs[0] : body.Node("Cast", [n.Node.Inputs[0]], Composition.Int("to", (int)OnnxDataType.Float));
        value = body.Transpose(value, last);
        var rows = body.Reshape(value, x.Count / Math.Max(1, x[axis]), x[axis]);
        value = body.Reshape(body.Node("MatMul", [rows, body.Constant(counted)]), [.. last.Select(d => x[d])]);
        value = body.Transpose(value, back);
        body.Give(0, isFloat ? value : body.Node("Cast", [value], Composition.Int("to", (int)n.Type(0))));
    }

    /// <summary>On where an index is the place along a new axis, off elsewhere; indices beyond it are off everywhere.</summary>
    public static void OneHot(NodeImport n)
    {
        var body = new Composition(n);
        var (indices, depth) = (n.Shape(0), ImportShapes.Small((long)n.Float(1), "depth"));
        ImportShapes.Expect(n.Shape(2).Count == 2, $"values has shape {n.Shape(2)}, expected [off, on]");
        var axis = new Shape([.. indices.Dims, depth]).Axis(n.Node.Int("axis", -1));
        int[] dims = [.. indices.Dims[..axis], 1, .. indices.Dims[axis..]];
        var places = new ConstantTensor(OnnxDataType.Int64, new Shape([depth, .. Enumerable.Repeat(1, indices.Rank - axis)]),
            [.. Enumerable.Range(0, depth).Select(i => (double)i)]);
        var index = body.Reshape(n.Node.Inputs[0], dims);
        var negative = body.Node("Less", [index, body.Constant(new ConstantTensor(OnnxDataType.Int64, Shape.Scalar, [0]))]);
        var wrapped = body.Node("Add", [Float(body, index), Float(body, body.Constant(new ConstantTensor(OnnxDataType.Int64, Shape.Scalar, [depth])))]);
        index = body.Node("Where", [negative, wrapped, Float(body, index)]);
        var values = n.Constant(2);
        string Value(int i) => body.Constant(new ConstantTensor(values.Type, Shape.Scalar, [values.Values[i]]));
        body.Give(0, body.Node("Where", [body.Node("Equal", [index, Float(body, body.Constant(places))]), Value(1), Value(0)]));
    }

    static string Float(Composition body, string value) => body.Node("Cast", [value], Composition.Int("to", (int)OnnxDataType.Float));

    static ConstantTensor Matrix(OnnxDataType type, int rows, int columns, Func<int, int, bool> holds)
    {
        ImportShapes.Expect((long)rows * columns <= ConstantTensor.MaxElements,
            $"a mask of {rows} x {columns} has more than {ConstantTensor.MaxElements} elements");
        var values = new double[rows * columns];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++) values[i * columns + j] = holds(i, j) ? 1 : 0;
        return new(type, new Shape(rows, columns), values);
    }
}
