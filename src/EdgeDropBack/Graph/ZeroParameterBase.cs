using EdgeDropBack.Kernels;

namespace EdgeDropBack.Graphs;

/// <summary>All values are zero, and cost nothing to read.</summary>
sealed class ZeroParameterBase : ParameterBase
{
    public override BaseKind Kind => BaseKind.Zero;

    public override WeightSource Source(int count) => WeightSource.Zero(count);
}
