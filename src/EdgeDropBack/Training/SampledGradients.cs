using EdgeDropBack.Graphs;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>After the freeze: one number for every tracked weight, k dot products a step.</summary>
sealed class SampledGradients(TrackedSet tracked) : ParameterGradients
{
    readonly float[] _gradients = new float[tracked.Count];

    public override bool IsSampled => true;

    /// <summary>[k] gradients in the order of the tracked set.</summary>
    public Span<float> All => _gradients;

    public override TrackedValues Tracked(Parameter parameter) => tracked[parameter.Ordinal];

    public override Span<float> TrackedGradients(Parameter parameter)
        => _gradients.AsSpan(tracked[parameter.Ordinal].Start, tracked[parameter.Ordinal].Count);
}
