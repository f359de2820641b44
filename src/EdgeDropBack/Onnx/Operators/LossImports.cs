using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Losses that are nodes of a model: classes on axis 1 of the scores, one class a position as label.</summary>
static class LossImports
{
    public static void NegativeLogLikelihood(NodeImport n) => Emit(n, n.Value(0));

    public static void SoftmaxCrossEntropy(NodeImport n)
    {
        var x = n.Shape(0);
        ImportShapes.Expect(x.Rank >= 2, $"scores have shape {x}, expected [batch, classes, ...]");
        var logarithms = n.Intermediate(".log_prob", new SoftmaxOperator(true, x[0], x[1], x.Product(2, x.Rank)), x, n.Value(0));
        if (n.Gives(1)) n.Bind(1, Operand.Of(logarithms));
        Emit(n, logarithms);
    }

    static void Emit(NodeImport n, Value x)
    {
        var shape = x.Shape;
        ImportShapes.Expect(shape.Rank >= 2, $"scores have shape {shape}, expected [batch, classes, ...]");
        var labels = new Shape([shape[0], .. shape.Dims[2..]]);
        ImportShapes.Expect(n.Shape(1).Equals(labels), $"labels have shape {n.Shape(1)}, expected {labels}");
        ImportShapes.Expect(!n.Has(2) || n.Shape(2).Count == shape[1], $"the weights are not [{shape[1]}]");
        var reduction = n.Node.String("reduction", "mean") switch
        {
            "none" => LossReduction.None,
            "sum" => LossReduction.Sum,
            "mean" => LossReduction.Mean,
            var other => throw EdbException.Refused($"reduction is '{other}', expected none, sum or mean"),
        };
        long? ignored = n.Node.Has("ignore_index") ? n.Node.Int("ignore_index", 0) : null;
        var loss = new NegativeLogLikelihoodOperator(reduction, ignored, shape[0], shape[1], shape.Product(2, shape.Rank));
        n.Emit(loss, reduction == LossReduction.None ? labels : Shape.Scalar, x, n.AnyValue(1), n.Has(2) ? n.Frozen(2) : null);
    }
}
