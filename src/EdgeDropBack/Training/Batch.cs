namespace EdgeDropBack.Training;

/// <summary>The targets of one batch, filled anew for every step.</summary>
/// <param name="size">Samples.</param>
/// <param name="outputs">Numbers that the model puts out for a sample.</param>
public sealed class Batch(int size, int outputs)
{
    public int Size { get; } = size;

    public int Outputs { get; } = outputs;

    /// <summary>[size, outputs]: class probabilities or regression targets.</summary>
    public float[] Targets { get; } = new float[size * outputs];

    /// <summary>[size]: share of a sample in the mean loss; 0 for padding.</summary>
    public float[] Weights { get; } = new float[size];

    /// <summary>[size]: each sample's loss after the step.</summary>
    public float[] Losses { get; } = new float[size];
}
