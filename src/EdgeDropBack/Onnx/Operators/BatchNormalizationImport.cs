using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>BatchNormalization with the statistics of the file, or with those of the batch where the file says so.</summary>
static class BatchNormalizationImport
{
    public static void Import(NodeImport n)
    {
        var x = n.Shape(0);
        ImportShapes.Expect(x.Rank >= 2, $"x has shape {x}, expected [batch, channels, ...]");
        for (var i = 1; i <= 4; i++)
            ImportShapes.Expect(n.Shape(i).Count == x[1], $"input {i} has shape {n.Shape(i)}, expected [{x[1]}] for x {x}");
        if (n.Node.Int("training_mode", 0) != 0)
        {
            OfBatch(n, x);
            return;
        }
        ImportShapes.Expect(n.IsConstant(3) && n.IsConstant(4), "mean and variance are computed at run time; export the model in inference mode");
        n.Emit(new BatchNormalizationOperator(n.Node.Float("epsilon", 1e-5f), n.Node.Float("momentum", 0.9f)), x, n.Value(0), n.Value(1), n.Value(2), n.Frozen(3), n.Frozen(4));
    }

    /// <summary>training_mode: mean and variance of the batch itself, which every sample depends on, and the file's moved towards them.</summary>
    static void OfBatch(NodeImport n, Shape x)
    {
        int[] axes = [0, .. Enumerable.Range(2, x.Rank - 2)];
        var row = new Shape([.. x.Dims.Select((dim, i) => i == 1 ? dim : 1)]);
        Value Mean(string suffix, Value of) => n.Intermediate(suffix, new ReduceOperator("ReduceMean", ReduceKind.Mean, new ReduceShape(x.ToArray(), axes)), row, of);
        Value Channels(int input) => n.Intermediate($".channels{input}", new ViewOperator("Reshape"), row, n.Value(input));
        Value Binary(string suffix, BinaryKind kind, Value a, Value b)
            => n.Intermediate(suffix, Pair(kind, a, b), ImportShapes.Broadcast(a.Shape, b.Shape), a, b);
        Value Number(float value) => n.Builder.ConstantValue("number", Shape.Scalar, [value]);

        var mean = Mean(".mean", n.Value(0));
        var centred = Binary(".centred", BinaryKind.Sub, n.Value(0), mean);
        var variance = Mean(".variance", Binary(".squared", BinaryKind.Mul, centred, centred));
        var shifted = Binary(".shifted", BinaryKind.Add, variance, Number(n.Node.Float("epsilon", 1e-5f)));
        var deviation = n.Intermediate(".deviation", new UnaryOperator("Sqrt", UnaryKind.Sqrt), row, shifted);
        var scaled = Binary(".scaled", BinaryKind.Mul, Binary(".normalized", BinaryKind.Div, centred, deviation), Channels(1));
        var shift = Channels(2);
        n.Emit(Pair(BinaryKind.Add, scaled, shift), x, scaled, shift);

        var momentum = n.Node.Float("momentum", 0.9f);
        Operand Running(int input, Value batch)
        {
            var kept = Binary($".kept{input}", BinaryKind.Mul, n.Frozen(input), Number(momentum));
            var added = n.Intermediate($".flat{input}", new ViewOperator("Reshape"), kept.Shape, Binary($".added{input}", BinaryKind.Mul, batch, Number(1f - momentum)));
            return Operand.Of(Binary($".running{input}", BinaryKind.Add, kept, added));
        }
        if (n.Gives(1)) n.Bind(1, Running(3, mean));
        if (n.Gives(2)) n.Bind(2, Running(4, variance));
    }

    static BinaryOperator Pair(BinaryKind kind, Value a, Value b)
        => new(kind.ToString(), kind, new Broadcast(a.Shape.ToArray(), b.Shape.ToArray()));
}
