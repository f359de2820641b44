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
        if (!n.IsConstant(3) || !n.IsConstant(4))
        {
            if (n.Node.Int("training_mode", 0) != 0) OfBatch(n, x);
            else Composed(n, x, OnChannels(n, x, 3), OnChannels(n, x, 4));
            return;
        }
        if (TrainingForm.IsOf(n.Node, n.Opset))
        {
            if (n.Gives(1)) n.Bind(1, n.Operand(3));
            if (n.Gives(2)) n.Bind(2, n.Operand(4));
        }
        n.Emit(new BatchNormalizationOperator(n.Node.Float("epsilon", 1e-5f), n.Node.Float("momentum", 0.9f)), x, n.Value(0), n.Value(1), n.Value(2), n.Frozen(3), n.Frozen(4));
    }

    /// <summary>training_mode: mean and variance of the batch itself, which every sample depends on, and the file's moved towards them.</summary>
    static void OfBatch(NodeImport n, Shape x)
    {
        int[] axes = [0, .. Enumerable.Range(2, x.Rank - 2)];
        var row = Row(x);
        Value Mean(string suffix, Value of) => n.Intermediate(suffix, new ReduceOperator("ReduceMean", ReduceKind.Mean, new ReduceShape(x.ToArray(), axes)), row, of);
        Value Binary(string suffix, BinaryKind kind, Value a, Value b) => Between(n, suffix, kind, a, b);

        var mean = Mean(".mean", n.Value(0));
        var centred = Binary(".centred", BinaryKind.Sub, n.Value(0), mean);
        var variance = Mean(".variance", Binary(".squared", BinaryKind.Mul, centred, centred));
        Normalize(n, x, centred, variance);

        var momentum = n.Node.Float("momentum", 0.9f);
        Operand Running(int input, Value batch)
        {
            var kept = Binary($".kept{input}", BinaryKind.Mul, n.Frozen(input), Number(n, momentum));
            var added = n.Intermediate($".flat{input}", new ViewOperator("Reshape"), kept.Shape, Binary($".added{input}", BinaryKind.Mul, batch, Number(n, 1f - momentum)));
            return Operand.Of(Binary($".running{input}", BinaryKind.Add, kept, added));
        }
        if (n.Gives(1)) n.Bind(1, Running(3, mean));
        if (n.Gives(2)) n.Bind(2, Running(4, variance));
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
