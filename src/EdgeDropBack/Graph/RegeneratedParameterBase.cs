using EdgeDropBack.Kernels;

namespace EdgeDropBack.Graphs;

/// <summary>Values recomputed from a seed wherever they are needed (Golub 2018: the untracked weights' initial values).</summary>
public sealed class RegeneratedParameterBase(RegeneratedBase regenerated) : ParameterBase
{
    public override BaseKind Kind => BaseKind.Regenerated;

    public RegeneratedBase Regenerated { get; } = regenerated;

    public override WeightSource Source(int count) => WeightSource.From(Regenerated, count);
}
