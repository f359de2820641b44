using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Transpose; of a matrix that is an initializer, only the orientation is noted.</summary>
static class TransposeImport
{
    public static void Import(NodeImport n)
    {
        var operand = n.Operand(0);
        var x = operand.Shape;
        var permutation = n.Node.Ints("perm") is { } perm
            ? [.. perm.Select(p => x.Axis(p))]
            : Enumerable.Range(0, x.Rank).Reverse().ToArray();
        ImportShapes.Expect(permutation.Length == x.Rank && permutation.Distinct().Count() == x.Rank,
            $"perm [{string.Join(", ", permutation)}] is no permutation of the {x.Rank} dimensions of {x}");
        var shape = new Shape([.. permutation.Select(p => x[p])]);
        if (operand is { IsFloatInitializer: true, Shape.Rank: 2 } && permutation is [1, 0])
        {
            n.Bind(0, new Operand
            {
                Initializer = operand.Initializer,
                InitializerName = operand.InitializerName,
                Base = operand.Base,
                ValueType = operand.ValueType,
                IsFrozen = operand.IsFrozen,
                IsTransposed = !operand.IsTransposed,
                Shape = shape,
            });
        }
        else
        {
            n.Emit(n.Type(0), new TransposeOperator(x, permutation), shape, n.AnyValue(0));
        }
    }
}
