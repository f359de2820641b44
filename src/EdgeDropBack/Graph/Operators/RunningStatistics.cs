namespace EdgeDropBack.Graphs;

/// <summary>
/// Running mean and variance of one batch normalization that trains. A step proposes its batch's statistics; they count only when the
/// step is committed.
/// </summary>
public sealed class RunningStatistics(string name, float[] mean, float[] variance, float momentum)
{
    readonly float[] _proposedMean = new float[mean.Length];
    readonly float[] _proposedVariance = new float[mean.Length];

    /// <summary>Name of the node.</summary>
    public string Name { get; } = name;

    public float[] Mean { get; } = [.. mean];

    public float[] Variance { get; } = [.. variance];

    /// <summary>The share of the old value that stays (ONNX' meaning of momentum).</summary>
    public float Momentum { get; } = momentum;

    internal void Propose(ReadOnlySpan<float> batchMean, ReadOnlySpan<float> biasedVariance, int samples)
    {
        var unbiased = samples > 1 ? samples / (float)(samples - 1) : 1f;
        for (var c = 0; c < _proposedMean.Length; c++)
        {
            _proposedMean[c] = MathF.FusedMultiplyAdd(Momentum, Mean[c] - batchMean[c], batchMean[c]);
            var variance = biasedVariance[c] * unbiased;
            _proposedVariance[c] = MathF.FusedMultiplyAdd(Momentum, Variance[c] - variance, variance);
        }
    }

    internal void Commit()
    {
        _proposedMean.CopyTo(Mean, 0);
        _proposedVariance.CopyTo(Variance, 0);
    }
}
