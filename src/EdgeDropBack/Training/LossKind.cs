namespace EdgeDropBack.Training;

public enum LossKind
{
    /// <summary>Softmax cross-entropy on logits.</summary>
    CrossEntropy,

    /// <summary>Sigmoid cross-entropy on logits, several labels at once.</summary>
    BinaryCrossEntropy,

    /// <summary>Mean squared error.</summary>
    MeanSquaredError,
}
