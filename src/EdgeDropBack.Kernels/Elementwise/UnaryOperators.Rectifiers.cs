using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>The functions of <see cref="UnaryKind"/>; subgradients at kinks as PyTorch chooses them.</summary>
static partial class UnaryOperators
{
    internal readonly struct Relu : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(x, T.Create(0f)), T.Create(0f), x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(y, T.Create(0f)), T.Create(0f), dy);
    }

    internal readonly struct LeakyRelu : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(x, T.Create(0f)), alpha * x, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(y, T.Create(0f)), alpha * dy, dy);
    }

    internal readonly struct Clip : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            Lanes.Clamp(x, alpha, beta);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.Less(x, alpha) | T.Less(beta, x), T.Create(0f), dy);
    }

    internal readonly struct ThresholdedRelu : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(x, alpha), T.Create(0f), x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(x, alpha), T.Create(0f), dy);
    }

    internal readonly struct Shrink : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.Less(x, -alpha), x + beta, T.Select(T.LessOrEqual(x, alpha), T.Create(0f), x - beta));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(T.Abs(x), alpha), T.Create(0f), dy);
    }

    internal readonly struct HardSigmoid : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            Lanes.Clamp(T.Fma(alpha, x, beta), T.Create(0f), T.Create(1f));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(y, T.Create(0f)) | T.LessOrEqual(T.Create(1f), y), T.Create(0f), alpha * dy);
    }

    internal readonly struct HardSwish : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            x * Lanes.Clamp(T.Fma(x, T.Create(1f / 6f), T.Create(0.5f)), T.Create(0f), T.Create(1f));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.Less(x, T.Create(-3f)), T.Create(0f),
            T.Select(T.LessOrEqual(x, T.Create(3f)), dy * T.Fma(x, T.Create(1f / 3f), T.Create(0.5f)), dy));
    }
}
