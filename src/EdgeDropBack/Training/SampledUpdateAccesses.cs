using EdgeDropBack.Kernels;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>The accesses of <see cref="SampledUpdate"/>.</summary>
sealed class SampledUpdateAccesses(ReplayMemory memory, int slots, bool clips) : StepGradients
{
    public override void Apply(CacheStream s, LayerMap layers)
    {
        var set = memory.Tracked!;
        foreach (var tensor in set.Tensors)
        {
            if (!clips) break;
            s.Place(TrafficPhase.Update, layers.OfOrdinal(tensor.Ordinal));
            s.Read(memory.TrackedGradients, tensor.Start, tensor.Count);
        }
        foreach (var tensor in set.Tensors)
        {
            s.Place(TrafficPhase.Update, layers.OfOrdinal(tensor.Ordinal));
            var (start, count) = (tensor.Start, (long)tensor.Count);
            var values = (memory.Values.From(start), count);
            var state = Enumerable.Range(0, slots).Select(slot => (memory.State(slot).From(start), count)).ToArray();
            ElementwiseAccesses.Stream(s, [(memory.TrackedGradients.From(start), count), values, .. state], [values, .. state]);
        }
    }
}
