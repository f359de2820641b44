namespace EdgeDropBack.Kernels;

/// <summary>Reductions over axes, as the ONNX operators Reduce*.</summary>
public enum ReduceKind
{
    Sum,
    Mean,

    /// <summary>NaN wins; the gradient is shared evenly among equal maxima (as PyTorch's amax).</summary>
    Max,

    /// <inheritdoc cref="Max"/>
    Min,

    Prod,
    L1,

    /// <summary>sqrt(sum x^2); gradient 0 where the result is 0.</summary>
    L2,

    LogSum,
    LogSumExp,
    SumSquare,
}
