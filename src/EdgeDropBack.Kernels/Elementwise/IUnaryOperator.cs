namespace EdgeDropBack.Kernels;

/// <summary>One elementwise function and its derivative; values that <see cref="Reads"/> leaves out are passed as anything.</summary>
interface IUnaryOperator
{
    static abstract BackwardReads Reads { get; }

    static abstract T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T>;

    /// <summary>Gradient of the input from x, y = f(x) and the gradient of the output.</summary>
    static abstract T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T>;
}
