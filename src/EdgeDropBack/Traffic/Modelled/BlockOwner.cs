namespace EdgeDropBack.Traffic;

/// <summary>What lies in a stretch of a replay's memory.</summary>
enum BlockOwner
{
    Activation,
    Gradient,
    Saved,
    Weights,
    TrackedValues,
    TrackedIndices,
    WeightGradient,
    OptimizerState,
    Packing,
    Selection,
}
