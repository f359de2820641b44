namespace EdgeDropBack.Store;

/// <summary>How one tensor's tracked weights differ between two stores a and b.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="OnlyInA">Weights that a tracks and b does not.</param>
/// <param name="OnlyInB">Weights that b tracks and a does not.</param>
/// <param name="Same">Weights both track, with the same bits.</param>
/// <param name="Changed">Weights both track, with other values.</param>
/// <param name="MaxAbsDifference">The largest |a - b| among those.</param>
readonly record struct TensorDiff(string Name, int OnlyInA, int OnlyInB, int Same, int Changed, float MaxAbsDifference);
