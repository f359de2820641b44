using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

static partial class UnaryOperators
{
    internal readonly struct Sigmoid : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            DeterministicMath.Sigmoid(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            dy * (y * (T.Create(1f) - y));
    }

    internal readonly struct Tanh : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            DeterministicMath.Tanh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            dy * T.Fma(-y, y, T.Create(1f));
    }

    internal readonly struct Elu : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(x, T.Create(0f)), alpha * DeterministicMath.Expm1(x), x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(y, T.Create(0f)), dy * (y + alpha), dy);
    }

    internal readonly struct Selu : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            beta * T.Select(T.LessOrEqual(x, T.Create(0f)), alpha * DeterministicMath.Expm1(x), x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            dy * T.Select(T.LessOrEqual(y, T.Create(0f)), T.Fma(alpha, beta, y), beta);
    }

    internal readonly struct Celu : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(x, T.Create(0f)), alpha * DeterministicMath.Expm1(x / alpha), x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(y, T.Create(0f)), dy * (y / alpha + T.Create(1f)), dy);
    }

    internal readonly struct Softplus : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            DeterministicMath.Softplus(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            dy * -DeterministicMath.Expm1(-y);
    }

    internal readonly struct Exp : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            DeterministicMath.Exp(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            dy * y;
    }

    internal readonly struct Log : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            DeterministicMath.Log(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            dy / x;
    }

    internal readonly struct Swish : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            x * DeterministicMath.Sigmoid(alpha * x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T>
        {
            T s = DeterministicMath.Sigmoid(alpha * x);
            return dy * T.Fma(alpha * x * s, T.Create(1f) - s, s);
        }
    }

    internal readonly struct Mish : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            x * MishGate(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T>
        {
            T gate = MishGate(x);
            return dy * T.Fma(x * DeterministicMath.Sigmoid(x), T.Fma(-gate, gate, T.Create(1f)), gate);
        }
    }

    internal readonly struct Erf : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            DeterministicMath.Erf(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            dy * (T.Create(1.12837917f) * DeterministicMath.Exp(-(x * x)));
    }

    internal readonly struct Gelu : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            x * GeluGate(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            dy * T.Fma(x * T.Create(0.398942280f), DeterministicMath.Exp(T.Create(-0.5f) * x * x), GeluGate(x));
    }

    internal readonly struct GeluTanh : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            x * T.Fma(T.Create(0.5f), DeterministicMath.Tanh(GeluTanhArgument(x)), T.Create(0.5f));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T>
        {
            T tanh = DeterministicMath.Tanh(GeluTanhArgument(x));
            T slope = T.Fma(x * x, T.Create(0.797884561f * 3f * 0.044715f), T.Create(0.797884561f));
            T gate = T.Fma(T.Create(0.5f), tanh, T.Create(0.5f));
            return dy * T.Fma(T.Create(0.5f) * x * T.Fma(-tanh, tanh, T.Create(1f)), slope, gate);
        }
    }

    /// <summary>tanh(log(1 + e^x)) = n / (n + 2) with n = e^x (e^x + 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T MishGate<T>(T x) where T : struct, ILanes<T>
    {
        T e = DeterministicMath.Exp(T.Select(T.Less(T.Create(30f), x), T.Create(30f), x));
        T n = e * (e + T.Create(2f));
        return n / (n + T.Create(2f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T GeluGate<T>(T x) where T : struct, ILanes<T> =>
        T.Fma(T.Create(0.5f), DeterministicMath.Erf(x * T.Create(0.707106781f)), T.Create(0.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T GeluTanhArgument<T>(T x) where T : struct, ILanes<T> =>
        T.Create(0.797884561f) * T.Fma(T.Create(0.044715f) * x * x, x, x);
}
