namespace EdgeDropBack.Kernels;

/// <summary>One elementwise function of two operands and its two partial derivatives times dy.</summary>
interface IBinaryOperator
{
    static abstract T Forward<T>(T a, T b) where T : struct, ILanes<T>;

    static abstract T GradientA<T>(T a, T b, T dy) where T : struct, ILanes<T>;

    static abstract T GradientB<T>(T a, T b, T dy) where T : struct, ILanes<T>;
}
