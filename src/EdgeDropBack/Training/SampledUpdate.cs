using EdgeDropBack.Kernels;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>The update after the freeze: k weights in place.</summary>
static class SampledUpdate
{
    /// <param name="gradients">[k] in the order of the tracked set.</param>
    public static void Apply(TrackedSet tracked, Optimizer optimizer, ReadOnlySpan<float> gradients, float clip)
    {
        var unused = 0f;
        var values = tracked.Values;
        if (optimizer.Slots == 0)
        {
            Elementwise.Descend(gradients, clip, optimizer.Rate, values);
            return;
        }
        var first = tracked.OptimizerSlots > 0 ? tracked.OptimizerState(0) : default;
        var second = tracked.OptimizerSlots > 1 ? tracked.OptimizerState(1) : default;
        for (var i = 0; i < values.Length; i++)
            values[i] = optimizer.Next(values[i], gradients[i] * clip,
                ref first.IsEmpty ? ref unused : ref first[i], ref second.IsEmpty ? ref unused : ref second[i]);
    }
}
