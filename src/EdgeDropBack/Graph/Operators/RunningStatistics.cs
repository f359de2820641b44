namespace EdgeDropBack.Graphs;

/// <summary>
/// Running mean and variance of one batch normalization that trains. A step proposes its batch's statistics; they count only when the
/// step is committed.
/// </summary>
/// <param name="meanName">The initializer that holds the mean in the file.</param>
/// <param name="varianceName">The one that holds the variance.</param>
/// <param name="momentum">The share of the old value that stays (ONNX' meaning of momentum).</param>
sealed class RunningStatistics(string meanName, string varianceName, float[] mean, float[] variance, float momentum)
{
    readonly float[] _proposedMean = new float[mean.Length];
    readonly float[] _proposedVariance = new float[mean.Length];

    public string MeanName { get; } = meanName;

    public string VarianceName { get; } = varianceName;

    public float[] Mean { get; } = [.. mean];

    public float[] Variance { get; } = [.. variance];

    internal void Propose(ReadOnlySpan<float> batchMean, ReadOnlySpan<float> biasedVariance, int samples)
    {
        var unbiased = samples > 1 ? samples / (float)(samples - 1) : 1f;
        for (var c = 0; c < _proposedMean.Length; c++)
        {
            _proposedMean[c] = MathF.FusedMultiplyAdd(momentum, Mean[c] - batchMean[c], batchMean[c]);
            var batchVariance = biasedVariance[c] * unbiased;
            _proposedVariance[c] = MathF.FusedMultiplyAdd(momentum, Variance[c] - batchVariance, batchVariance);
        }
    }

    internal void Commit()
    {
        _proposedMean.CopyTo(Mean, 0);
        _proposedVariance.CopyTo(Variance, 0);
    }

    /// <summary>Back to the file's statistics, or to those of a store that has them.</summary>
    internal void Reset(IReadOnlyList<Store.RunningStatistics>? stored)
    {
        (Find(stored, MeanName) ?? mean).CopyTo(Mean, 0);
        (Find(stored, VarianceName) ?? variance).CopyTo(Variance, 0);
    }

    internal IEnumerable<Store.RunningStatistics> ToStore() => [new(MeanName, [.. Mean]), new(VarianceName, [.. Variance])];

    static float[]? Find(IReadOnlyList<Store.RunningStatistics>? stored, string name)
        => stored?.FirstOrDefault(s => s.Name == name)?.Values;
}
