using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>
/// BatchNormalization with the running statistics of the file, also where it was exported in training mode; with computed statistics where
/// the graph computes them.
/// </summary>
static class BatchNormalizationImport
{
    public static void Import(NodeImport n)
    {
        var x = n.Shape(0);
        ImportShapes.Expect(x.Rank >= 2, $"x has shape {x}, expected [batch, channels, ...]");
        for (var i = 1; i <= 4; i++)
            ImportShapes.Expect(n.Shape(i).Count == x[1], $"input {i} has shape {n.Shape(i)}, expected [{x[1]}] for x {x}");
        for (var output = 1; output <= 2; output++) n.Bind(output, n.Operand(output + 2).Frozen());
        if (!n.IsConstant(3) || !n.IsConstant(4))
        {
            Composed(n, x, OnChannels(n, x, 3), OnChannels(n, x, 4));
            return;
        }
        n.Emit(new BatchNormalizationOperator(n.Node.Float("epsilon", 1e-5f), n.Node.Float("momentum", 0.9f))
        {
            StatisticsAreRead = n.Node.Outputs.Skip(1).Any(output => output.Length > 0 && n.Builder.Readers.Of(output) > 0),
        }, x, n.Value(0), n.Value(1), n.Value(2), n.Frozen(3), n.Frozen(4));
    }

    /// <summary>Mean and variance that the graph computes, each in the shape [1, channels, 1, ...].</summary>
    static void Composed(NodeImport n, Shape x, Value mean, Value variance)
        => Normalize(n, x, Between(n, ".centred", BinaryKind.Sub, n.Value(0), mean), variance);

    static void Normalize(NodeImport n, Shape x, Value centred, Value variance)
    {
        var shifted = Between(n, ".shifted", BinaryKind.Add, variance, Number(n, n.Node.Float("epsilon", 1e-5f)));
        var deviation = n.Intermediate(".deviation", new UnaryOperator("Sqrt", UnaryKind.Sqrt), Row(x), shifted);
        var scaled = Between(n, ".scaled", BinaryKind.Mul, Between(n, ".normalized", BinaryKind.Div, centred, deviation), OnChannels(n, x, 1));
        var shift = OnChannels(n, x, 2);
        n.Emit(Pair(BinaryKind.Add, scaled, shift), x, scaled, shift);
    }

    static Value Between(NodeImport n, string suffix, BinaryKind kind, Value a, Value b)
        => n.Intermediate(suffix, Pair(kind, a, b), ImportShapes.Broadcast(a.Shape, b.Shape), a, b);

    static Value OnChannels(NodeImport n, Shape x, int input) => n.Intermediate($".channels{input}", new ViewOperator("Reshape"), Row(x), n.Value(input));

    static Value Number(NodeImport n, float value) => n.Builder.ConstantValue("number", Shape.Scalar, [value]);

    static Shape Row(Shape x) => new([.. x.Dims.Select((dim, i) => i == 1 ? dim : 1)]);

    static BinaryOperator Pair(BinaryKind kind, Value a, Value b)
        => new(kind.ToString(), kind, new Broadcast(a.Shape.ToArray(), b.Shape.ToArray()));
}
