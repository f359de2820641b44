using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

static partial class UnaryOperators
{
    internal readonly struct Abs : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Abs(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.Equal(x, T.Create(0f)), T.Create(0f), T.Select(T.Less(x, T.Create(0f)), -dy, dy));
    }

    internal readonly struct Neg : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.None;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            -x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            -dy;
    }

    internal readonly struct Sqrt : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Sqrt(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            dy / (y + y);
    }

    internal readonly struct Reciprocal : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Create(1f) / x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            -dy * (y * y);
    }

    internal readonly struct Softsign : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            x / (T.Create(1f) + T.Abs(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T>
        {
            T d = T.Create(1f) + T.Abs(x);
            return dy / (d * d);
        }
    }

    internal readonly struct Sign : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.None;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Select(T.Less(x, T.Create(0f)), T.Create(-1f), T.Select(T.Less(T.Create(0f), x), T.Create(1f), x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Create(0f);
    }

    internal readonly struct Floor : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.None;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Floor(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Create(0f);
    }

    internal readonly struct Ceil : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.None;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Ceiling(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Create(0f);
    }

    internal readonly struct Round : IUnaryOperator
    {
        public static BackwardReads Reads => BackwardReads.None;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Round(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T alpha, T beta) where T : struct, ILanes<T> =>
            T.Create(0f);
    }
}
