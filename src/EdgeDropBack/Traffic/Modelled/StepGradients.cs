using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Traffic;

/// <summary>What a kind of step does with weight gradients and weights.</summary>
abstract class StepGradients
{
    /// <summary>Where gradient tiles go; null where only the gradients of tracked weights are formed.</summary>
    public virtual GradientSinkAccesses? Sink(Parameter parameter) => null;

    /// <summary>What comes after the backward: selection or update.</summary>
    public abstract void Apply(CacheStream s, LayerMap layers);
}
