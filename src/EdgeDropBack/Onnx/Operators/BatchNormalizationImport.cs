using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>BatchNormalization with the statistics of the file.</summary>
static class BatchNormalizationImport
{
    public static void Import(NodeImport n)
    {
        var x = n.Shape(0);
        ImportShapes.Expect(x.Rank >= 2, $"x has shape {x}, expected [batch, channels, ...]");
        for (var i = 1; i <= 4; i++)
            ImportShapes.Expect(n.Shape(i).Count == x[1], $"input {i} has shape {n.Shape(i)}, expected [{x[1]}] for x {x}");
        ImportShapes.Expect(n.IsConstant(3) && n.IsConstant(4), "mean and variance are computed at run time; export the model in inference mode");
        n.Emit(new BatchNormalizationOperator(n.Node.Float("epsilon", 1e-5f), n.Node.Float("momentum", 0.9f)), x, n.Value(0), n.Value(1), n.Value(2), n.Frozen(3), n.Frozen(4));
    }
}
