namespace EdgeDropBack.Onnx;

/// <summary>Recognises the training graphs that onnxruntime.training.artifacts.generate_artifacts wrote.</summary>
static class TrainingArtifact
{
    static readonly HashSet<string> s_operators = new(StringComparer.Ordinal)
    {
        "InPlaceAccumulator", "InPlaceAccumulatorV2", "AdamWOptimizer", "SGDOptimizerV2", "AdamOptimizer", "LambOptimizer", "YieldOp",
        "Gradient", "Adam", "Adagrad", "Momentum",
    };

    static readonly HashSet<string> s_domains = new(StringComparer.Ordinal)
    {
        "com.microsoft", "ai.onnx.training", "ai.onnx.preview.training",
    };

    public static bool Recognise(OnnxGraph graph) => graph.Nodes.Any(node =>
        s_domains.Contains(node.Domain) && (node.OpType.EndsWith("Grad", StringComparison.Ordinal) || s_operators.Contains(node.OpType)))
        || graph.Nodes.Count(node => node.Domain.Length == 0 && node.OpType.EndsWith("Grad", StringComparison.Ordinal)) > 1;
}
