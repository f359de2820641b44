namespace EdgeDropBack.Kernels;

/// <summary>One reduction: finish(combine over elements of map(x)), and its gradient for one element.</summary>
interface IReduceOperator
{
    /// <summary>Neutral element of <see cref="Combine"/>.</summary>
    static abstract float Identity { get; }

    /// <summary>A value that <see cref="Map"/> sends to <see cref="Identity"/>.</summary>
    static abstract float Filler { get; }

    static abstract T Map<T>(T x) where T : struct, ILanes<T>;

    static abstract T Combine<T>(T a, T b) where T : struct, ILanes<T>;

    static abstract float Tree<T>(T lanes) where T : struct, ILanes<T>;

    static abstract T Finish<T>(T value, T count) where T : struct, ILanes<T>;

    static abstract T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T>;
}
