using EdgeDropBack.Kernels;

namespace EdgeDropBack.Graphs;

/// <summary>Where the values of untracked weights come from: mapped bytes of the model file, a seed, or zero.</summary>
abstract class ParameterBase
{
    public abstract BaseKind Kind { get; }

    /// <summary>A view of the base as kernels read it; valid while the model file is open.</summary>
    /// <param name="count">Number of elements.</param>
    public abstract WeightSource Source(int count);

    /// <summary>Where the base lies in the mapped model file; null where it lies elsewhere or nowhere.</summary>
    internal virtual long? FileOffset => null;

    /// <summary>Bytes that one element costs to read; 0 where it is regenerated or zero.</summary>
    public int BytesPerElement => Kind.BytesPerElement();
}
