using EdgeDropBack.Planning;

namespace EdgeDropBack.Traffic;

/// <summary>
/// Told what a step touches, as it happens (Law 6). A struct type parameter, so that <see cref="NoMeter"/> costs nothing. The field
/// that holds a meter must not be readonly: a defensive copy would lose its counts.
/// </summary>
interface ITrafficMeter
{
    /// <summary>A node ran forward.</summary>
    void Forward(PlannedNode node);

    /// <summary>The loss of a plan was taken and its gradient written; its backward starts.</summary>
    void Loss(TrainingPlan plan);

    /// <summary>A node ran backward; <paramref name="sampled"/>: only gradients of tracked weights were formed.</summary>
    void Backward(PlannedNode node, bool sampled);

    /// <summary>Tracked weights were replaced by selection.</summary>
    /// <param name="before">Tracked weights before the step.</param>
    /// <param name="after">Tracked weights after the step.</param>
    /// <param name="entered">How many of them are new; their base value was read once.</param>
    void Select(int before, int after, int entered);

    /// <summary>Weights were updated in place: the tracked ones, or all in the dense baseline.</summary>
    /// <param name="optimizerFloats">Floats of optimizer state a weight.</param>
    void Update(long weights, int optimizerFloats);

    /// <summary>A step ended and counts.</summary>
    void EndStep();
}
