using EdgeDropBack.Kernels;

namespace EdgeDropBack.Store;

/// <summary>A tensor's base as the store records it; seed, id, distribution and scale count only when it is regenerated.</summary>
readonly record struct TensorBase(TensorBaseKind Kind, uint Seed = 0, uint TensorId = 0,
    Distribution Distribution = Distribution.Normal, float Scale = 0)
{
    /// <summary>The initializer in the model file.</summary>
    public static TensorBase Mapped => default;

    /// <summary>What the kernels regenerate this base from.</summary>
    public RegeneratedBase Regenerated => new(Seed, TensorId, Scale, Kind == TensorBaseKind.Constant ? Distribution.Constant : Distribution);

    /// <summary>A base that the kernels regenerate.</summary>
    public static TensorBase From(in RegeneratedBase origin) => origin.Distribution == Distribution.Constant
        ? new(TensorBaseKind.Constant, Scale: origin.Scale)
        : new(TensorBaseKind.Regenerated, origin.Seed, origin.Tensor, origin.Distribution, origin.Scale);
}
