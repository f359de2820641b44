using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>The update after the freeze: k weights in place.</summary>
static class SampledUpdate
{
    const int GatheredBases = 256;

    /// <param name="parameters">All parameters of the graph, by ordinal.</param>
    /// <param name="gradients">[k] in the order of the tracked set; clipped and pulled towards the base where there is weight decay.</param>
    public static void Apply(Workers workers, TrackedSet tracked, IReadOnlyList<Parameter> parameters, Optimizer optimizer, Span<float> gradients, float clip)
    {
        if (optimizer.WeightDecay != 0f)
        {
            Pull(tracked, parameters, optimizer, gradients, clip);
            clip = 1f;
        }
        var unused = 0f;
        var values = tracked.Values;
        if (optimizer.Slots == 0)
        {
            Elementwise.Descend(workers, gradients, clip, optimizer.Rate, values);
            return;
        }
        var first = tracked.OptimizerSlots > 0 ? tracked.OptimizerState(0) : default;
        var second = tracked.OptimizerSlots > 1 ? tracked.OptimizerState(1) : default;
        for (var i = 0; i < values.Length; i++)
            values[i] = optimizer.Next(values[i], gradients[i] * clip,
                ref first.IsEmpty ? ref unused : ref first[i], ref second.IsEmpty ? ref unused : ref second[i]);
    }

    static void Pull(TrackedSet tracked, IReadOnlyList<Parameter> parameters, Optimizer optimizer, Span<float> gradients, float clip)
    {
        Span<float> bases = stackalloc float[GatheredBases];
        for (var t = 0; t < tracked.Tensors.Count; t++)
        {
            var tensor = tracked[t];
            var source = parameters[tensor.Ordinal].Source();
            for (var tile = 0; tensor.Count > 0 && tile + 1 < tensor.TileStarts.Length; tile++)
            {
                var end = tensor.TileStarts[tile + 1];
                for (var entry = tensor.TileStarts[tile]; entry < end; entry += GatheredBases)
                {
                    var count = Math.Min(GatheredBases, end - entry);
                    source.Gather(tile, tensor.Indices.Slice(entry, count), bases);
                    for (var i = 0; i < count; i++)
                    {
                        ref var gradient = ref gradients[tensor.Start + entry + i];
                        gradient = optimizer.Pulled(gradient * clip, tensor.Values[entry + i], bases[i]);
                    }
                }
            }
        }
    }
}
