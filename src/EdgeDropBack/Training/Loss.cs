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
        var weight = batch.TotalWeight;
        var scale = weight > 0f ? 1f / weight : 0f;
        return kind switch
        {
            LossKind.CrossEntropy => CrossEntropy(outputs, batch, scale, gradient),
            LossKind.BinaryCrossEntropy => SigmoidCrossEntropy.Forward(outputs, batch.Targets, batch.Weights, batch.Size, batch.Outputs, scale, gradient, batch.Losses),
            _ => MeanSquaredError.Forward(outputs, batch.Targets, batch.Weights, batch.Size, batch.Outputs, scale, gradient, batch.Losses),
        };
    }

    /// <summary>
    /// Cross-entropy at each sample's temperature (Hinton, Vinyals and Dean 2015: the factor T^2 keeps the gradients' size).
    /// </summary>
    static double CrossEntropy(ReadOnlySpan<float> logits, Batch batch, float scale, Span<float> gradient)
    {
        for (var s = 0; s < batch.Size; s++)
        {
            var temperature = batch.Temperatures[s];
            batch.ScaledWeights[s] = batch.Weights[s] * temperature * temperature;
            Elementwise.Scale(logits.Slice(s * batch.Outputs, batch.Outputs), 1f / temperature, batch.Scaled.AsSpan(s * batch.Outputs, batch.Outputs));
        }
        var loss = SoftmaxCrossEntropy.Forward(batch.Scaled, batch.Targets, batch.ScaledWeights, batch.Size, batch.Outputs, scale, gradient, batch.Losses);
        if (gradient.IsEmpty) return loss;
        for (var s = 0; s < batch.Size; s++)
        {
            var row = gradient.Slice(s * batch.Outputs, batch.Outputs);
            if (batch.Temperatures[s] != 1f) Elementwise.Scale(row, 1f / batch.Temperatures[s], row);
        }
        return loss;
    }
}
