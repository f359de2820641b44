namespace EdgeDropBack.Kernels;

/// <summary>A loss that is a sum over the outputs of a sample, each against its own target.</summary>
interface IPointLoss
{
    static abstract T Loss<T>(T z, T t) where T : struct, ILanes<T>;

    static abstract T Gradient<T>(T z, T t) where T : struct, ILanes<T>;

    /// <summary>Whether a sample's loss is the mean over its outputs instead of the sum.</summary>
    static abstract bool Mean { get; }
}
