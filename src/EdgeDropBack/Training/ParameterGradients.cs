using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>
/// Receives the gradients of a backward pass where they are born (Law 2): either as tiles, each seen once and then gone, or,
/// after the freeze, as one number for every tracked weight.
/// </summary>
abstract class ParameterGradients
{
    /// <summary>Only the gradients of tracked weights are formed.</summary>
    public abstract bool IsSampled { get; }

    /// <summary>The receiver of a parameter's gradient tiles.</summary>
    public virtual GradientSink Tiles(Parameter parameter) => throw new InvalidOperationException("sampled gradients have no tiles");

    /// <summary>The tracked weights of a parameter.</summary>
    public virtual TrackedValues Tracked(Parameter parameter) => throw new InvalidOperationException("tiled gradients are not sampled");

    /// <summary>Where the gradients of those go, in the same order.</summary>
    public virtual Span<float> TrackedGradients(Parameter parameter) => throw new InvalidOperationException("tiled gradients are not sampled");
}
