using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>The mean loss of a batch and its gradient on the model's output.</summary>
static class Loss
{
    /// <param name="outputs">[size, outputs]: logits, or predictions for the squared error.</param>
    /// <param name="gradient">The same shape; empty where it is not wanted.</param>
    /// <returns>Sum over samples of weight x loss, divided by the sum of the weights.</returns>
    public static double Forward(LossKind kind, ReadOnlySpan<float> outputs, Batch batch, Span<float> gradient)
    {
        var weight = 0f;
        foreach (var w in batch.Weights) weight += w;
        var scale = weight > 0f ? 1f / weight : 0f;
        return kind switch
        {
            LossKind.CrossEntropy => SoftmaxCrossEntropy.Forward(outputs, batch.Targets, batch.Weights, batch.Size, batch.Outputs, scale, gradient, batch.Losses),
            LossKind.BinaryCrossEntropy => SigmoidCrossEntropy.Forward(outputs, batch.Targets, batch.Weights, batch.Size, batch.Outputs, scale, gradient, batch.Losses),
            _ => MeanSquaredError.Forward(outputs, batch.Targets, batch.Weights, batch.Size, batch.Outputs, scale, gradient, batch.Losses),
        };
    }
}
