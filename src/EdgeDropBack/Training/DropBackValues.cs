using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>Law 1: a parameter is its base with the tracked values laid over it.</summary>
sealed class DropBackValues(TrackedSet tracked) : IParameterValues
{
    public TrackedSet Tracked { get; } = tracked;

    public WeightSource Source(Parameter parameter)
    {
        var values = Tracked[parameter.Ordinal];
        return values.Count == 0 ? parameter.Source() : parameter.Source().WithTracked(values.TileStarts, values.Indices, values.Values);
    }
}
