using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Concat along one axis.</summary>
static class ConcatImport
{
    public static void Import(NodeImport n)
    {
        ImportShapes.Expect(n.InputCount >= 1, "no inputs");
        ImportShapes.Expect(n.Node.Has("axis"), "attribute axis is missing");
        var first = n.Shape(0);
        var axis = first.Axis(n.Node.Int("axis", 0));
        var dims = first.ToArray();
        for (var i = 1; i < n.InputCount; i++)
        {
            var shape = n.Shape(i);
            var fits = shape.Rank == first.Rank && Enumerable.Range(0, first.Rank).All(d => d == axis || shape[d] == first[d]);
            ImportShapes.Expect(fits, $"input {i} has shape {shape}, which does not fit {first} along axis {axis}");
            dims[axis] = checked(dims[axis] + shape[axis]);
        }
        if (n.CanFold()) n.Fold(ConstantFolding.Concat([.. Enumerable.Range(0, n.InputCount).Select(n.Constant)], axis));
        else n.Emit(n.Type(0), new ConcatOperator(axis), new Shape(dims), [.. Enumerable.Range(0, n.InputCount).Select(n.AnyValue)]);
    }
}
