using EdgeDropBack.Kernels;

namespace EdgeDropBack.Graphs;

/// <summary>Values recomputed from a seed wherever they are needed (Golub 2018: the untracked weights' initial values).</summary>
sealed class RegeneratedParameterBase(RegeneratedBase regenerated) : ParameterBase
{
    public override BaseKind Kind => Factor == 0 ? BaseKind.Zero : BaseKind.Regenerated;

    /// <summary>The values before any decay.</summary>
    public RegeneratedBase Regenerated { get; } = regenerated;

    /// <summary>What init decay has left of them: 1 before it, 0 once the base is gone.</summary>
    public double Factor { get; internal set; } = 1;

    public override WeightSource Source(int count) => Factor == 0
        ? WeightSource.Zero(count)
        : WeightSource.From(Regenerated with { Scale = (float)(Regenerated.Scale * Factor) }, count);
}
