using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>The shape arithmetic that exporters leave behind, computed while the graph is made.</summary>
static class FoldingImports
{
    public static void Constant(NodeImport n)
    {
        var node = n.Node;
        if (node.Tensor("value") is { } tensor) n.Bind(0, Operand.Of(tensor, node.Outputs[0]));
        else if (node.Has("value_int")) n.Fold(new(OnnxDataType.Int64, Graphs.Shape.Scalar, [node.Int("value_int", 0)]));
        else if (node.Has("value_float")) n.Fold(new(OnnxDataType.Float, Graphs.Shape.Scalar, [node.Float("value_float", 0f)]));
        else if (node.Ints("value_ints") is { } ints) n.Fold(ConstantTensor.Integers([.. ints]));
        else if (node.Floats("value_floats") is { } floats)
            n.Fold(new(OnnxDataType.Float, new Shape(floats.Count), [.. floats.Select(f => (double)f)]));
        else throw EdbException.Refused("the constant is neither a tensor nor numbers; only those are supported");
    }

    public static void Shape(NodeImport n)
    {
        var x = n.Shape(0);
        var start = Bound(n.Node.Int("start", 0), x.Rank);
        var end = Bound(n.Node.Int("end", x.Rank), x.Rank);
        n.Fold(ConstantTensor.Integers([.. x.Dims.Skip(start).Take(Math.Max(0, end - start)).Select(d => (long)d)]));
    }

    public static void Cast(NodeImport n) => Cast(n, (OnnxDataType)n.Node.Int("to", 1));

    public static void CastLike(NodeImport n) => Cast(n, n.Type(1));

    /// <summary>Half and double precision are computed as float32, so that casts among them change nothing.</summary>
    static void Cast(NodeImport n, OnnxDataType to)
    {
        var from = n.Type(0);
        ImportShapes.Expect(from != OnnxDataType.String && to != OnnxDataType.String, "strings are not supported");
        if (n.IsConstant(0) && (n.Operand(0).Constant is not null || n.Operand(0).Shape.Rank == 0 || !n.Operand(0).IsFloat))
            n.Fold(ConstantFolding.Cast(n.Constant(0), to, n.Node.Int("saturate", 1) != 0, n.Node.String("round_mode", "up")));
        else if (n.Operand(0).IsFloatInitializer && to.IsFloatingPoint()) n.Bind(0, n.Operand(0));
        else if (to.IsFloatingPoint() || (!n.Operand(0).IsFloat && to is OnnxDataType.Int32 or OnnxDataType.Int64) || from == to)
            n.Emit(to, new ViewOperator(n.Node.OpType), n.Shape(0), n.AnyValue(0));
        else if (to is OnnxDataType.Int32 or OnnxDataType.Int64 or OnnxDataType.Bool)
            n.Emit(to, new TruncateOperator(to == OnnxDataType.Bool), n.Shape(0), n.AnyValue(0));
        else throw EdbException.Refused($"casts of activations to {to} are not supported; only float, int32, int64 and bool are at run time");
    }

    public static void ConstantOfShape(NodeImport n)
    {
        var shape = ImportShapes.ToShape(n.Ints(0), "shape");
        ImportShapes.Expect(shape.Count <= ConstantTensor.MaxElements, $"shape {shape} is larger than {ConstantTensor.MaxElements} elements");
        var value = n.Node.Tensor("value") is { } tensor ? ConstantTensor.Read(tensor) : new(OnnxDataType.Float, Graphs.Shape.Scalar, [0]);
        var values = new double[shape.Count];
        Array.Fill(values, value.Values[0]);
        n.Fold(new(value.Type, shape, values));
    }

    public static void Range(NodeImport n)
    {
        n.Fold(ConstantFolding.Range(n.Constant(0), n.Constant(1), n.Constant(2)));
    }

    public static void Size(NodeImport n) => n.Fold(new(OnnxDataType.Int64, Graphs.Shape.Scalar, [n.Shape(0).Count]));

    static int Bound(long index, int rank) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);
}
