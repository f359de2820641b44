using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>Whole numbers that a run computes or is given as floats.</summary>
static class WholeNumbers
{
    /// <summary>Indices into an axis, negative ones counted from its end.</summary>
    /// <exception cref="EdbException">Exit code 3: one is outside the axis.</exception>
    public static void Indices(NodeContext c, ReadOnlySpan<float> from, int axis, Span<int> to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            if (!(from[i] >= -axis && from[i] < axis))
                throw EdbException.Refused($"node {c.Node}: index {from[i]} is outside an axis of {axis}; correct the data that it comes from");
            to[i] = (int)from[i] + (from[i] < 0 ? axis : 0);
        }
    }
}
