using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Concat along one axis.</summary>
static class ConcatImport
{
    public static void Import(NodeImport n)
    {
        ImportShapes.Expect(n.InputCount >= 1, "no inputs");
        ImportShapes.Expect(n.Node.Has("axis"), "attribute axis is missing");
        var axis = n.Shape(0).Axis(n.Node.Int("axis", 0));
        var first = Batched(n, 0, axis);
        var dims = first.ToArray();
        for (var i = 1; i < n.InputCount; i++)
        {
            var shape = Batched(n, i, axis);
            var fits = shape.Rank == first.Rank && Enumerable.Range(0, first.Rank).All(d => d == axis || shape[d] == first[d]);
            ImportShapes.Expect(fits, $"input {i} has shape {shape}, which does not fit {first} along axis {axis}");
            dims[axis] = checked(dims[axis] + shape[axis]);
        }
        if (n.CanFold()) n.Fold(ConstantFolding.Concat([.. Enumerable.Range(0, n.InputCount).Select(n.Constant)], axis));
        else n.Emit(n.Type(0), new ConcatOperator(axis), new Shape(dims),
            [.. Enumerable.Range(0, n.InputCount).Select(i => n.Expanded(i, Batched(n, i, axis)))]);
    }

    /// <summary>An input's shape; what the file fixes for its batch of one (a class token) is there for every sample.</summary>
    static Shape Batched(NodeImport n, int input, int axis)
    {
        var shape = n.Shape(input);
        if (axis == 0 || shape.Rank == 0 || shape[0] != 1) return shape;
        var batched = Enumerable.Range(0, n.InputCount).Select(n.Shape).FirstOrDefault(other => n.Builder.IsDeclaredBatch(shape.ToArray(), other));
        return batched is null ? shape : new Shape([batched[0], .. shape.Dims[1..]]);
    }
}
