namespace EdgeDropBack.Training;

/// <summary>The targets of one batch, filled anew for every step.</summary>
/// <param name="size">Samples.</param>
/// <param name="outputs">Numbers that the model puts out for a sample.</param>
sealed class Batch(int size, int outputs)
{
    /// <summary>Most targets of a batch: twice as many floats are held.</summary>
    public const int MaxTargets = 1 << 24;

    public int Size { get; } = size;

    public int Outputs { get; } = outputs;

    /// <summary>[size, outputs]: class probabilities or regression targets.</summary>
    public float[] Targets { get; } = new float[size * outputs];

    /// <summary>[size]: share of a sample in the mean loss; 0 for padding.</summary>
    public float[] Weights { get; } = new float[size];

    /// <summary>[size]: distillation temperature T; the sample's loss is T^2 cross-entropy(targets, softmax(logits / T)). 1 for labels.</summary>
    public float[] Temperatures { get; } = [.. Enumerable.Repeat(1f, size)];

    /// <summary>[size]: each sample's loss after the step.</summary>
    public float[] Losses { get; } = new float[size];

    /// <summary>Sum of the weights that the mean loss is taken over, of the whole batch where this is a part of one.</summary>
    internal float TotalWeight
    {
        get
        {
            if (_wholeWeight is { } whole) return whole;
            var sum = 0f;
            foreach (var weight in Weights) sum += weight;
            return sum;
        }
    }

    float? _wholeWeight;

    /// <summary>Becomes a part of another batch, from a sample on; padded where that ends.</summary>
    internal void Take(Batch whole, int first)
    {
        Clear();
        var count = Math.Min(Size, whole.Size - first);
        whole.Targets.AsSpan(first * Outputs, count * Outputs).CopyTo(Targets);
        whole.Weights.AsSpan(first, count).CopyTo(Weights);
        whole.Temperatures.AsSpan(first, count).CopyTo(Temperatures);
        _wholeWeight = whole.TotalWeight;
    }

    internal float[] Scaled { get; } = new float[size * outputs];

    internal float[] ScaledWeights { get; } = new float[size];

    /// <summary>Nothing but padding.</summary>
    public void Clear()
    {
        Array.Clear(Targets);
        Array.Clear(Weights);
        Array.Fill(Temperatures, 1f);
    }
}
