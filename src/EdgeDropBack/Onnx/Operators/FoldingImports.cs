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

    public static void Cast(NodeImport n)
    {
        var to = (OnnxDataType)n.Node.Int("to", 1);
        if (n.CanFold()) n.Fold(ConstantFolding.Cast(n.Constant(0), to));
        else if (to is OnnxDataType.Float or OnnxDataType.Float16 or OnnxDataType.BFloat16 or OnnxDataType.Double)
            n.Emit(new ViewOperator("Cast"), n.Shape(0), n.Value(0));
        else throw EdbException.Refused($"casts of activations to {to} are not supported; only shape arithmetic may use integers");
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
        RequireFoldable(n);
        n.Fold(ConstantFolding.Range(n.Constant(0), n.Constant(1), n.Constant(2)));
    }

    public static void Gather(NodeImport n)
    {
        RequireFoldable(n);
        n.Fold(ConstantFolding.Gather(n.Constant(0), n.Constant(1), n.Shape(0).Axis(n.Node.Int("axis", 0))));
    }

    /// <summary>Starts, ends and axes are attributes up to opset 9 and inputs from 10 on.</summary>
    public static void Slice(NodeImport n)
    {
        RequireFoldable(n);
        var x = n.Constant(0);
        var starts = n.Opset < 10 ? [.. n.Node.Ints("starts", [])] : n.Ints(1);
        var ends = n.Opset < 10 ? [.. n.Node.Ints("ends", [])] : n.Ints(2);
        var axes = (n.Opset < 10 ? n.Node.Ints("axes")?.ToArray() : n.Has(3) ? n.Ints(3) : null)
            ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        var steps = n.Opset >= 10 && n.Has(4) ? n.Ints(4) : [.. Enumerable.Repeat(1L, starts.Length)];
        n.Fold(ConstantFolding.Slice(x, starts, ends, axes, steps));
    }

    static int Bound(long index, int rank) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);

    static void RequireFoldable(NodeImport n) => ImportShapes.Expect(n.CanFold(),
        $"{n.Node.OpType} of activations is not supported yet; only shape arithmetic on constants is");
}
