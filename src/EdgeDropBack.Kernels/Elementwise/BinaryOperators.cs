using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>The functions of <see cref="BinaryKind"/>.</summary>
static class BinaryOperators
{
    internal readonly struct Add : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T a, T b) where T : struct, ILanes<T> => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientA<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            dy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientB<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            dy;
    }

    internal readonly struct Sub : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T a, T b) where T : struct, ILanes<T> => a - b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientA<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            dy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientB<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            -dy;
    }

    internal readonly struct Mul : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T a, T b) where T : struct, ILanes<T> => a * b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientA<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            dy * b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientB<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            dy * a;
    }

    internal readonly struct Div : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T a, T b) where T : struct, ILanes<T> => a / b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientA<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            dy / b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientB<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            -dy * (a / b) / b;
    }

    internal readonly struct Pow : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T a, T b) where T : struct, ILanes<T> => T.Pow(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientA<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            T.Select(T.Equal(b, T.Create(0f)), T.Create(0f), dy * (b * T.Pow(a, b - T.Create(1f))));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientB<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            T.Select(T.Equal(a, T.Create(0f)) & T.LessOrEqual(T.Create(0f), b), T.Create(0f),
                dy * (T.Pow(a, b) * DeterministicMath.Log(a)));
    }

    internal readonly struct Min : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T a, T b) where T : struct, ILanes<T> => Lanes.Min(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientA<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            T.Select(T.Less(a, b), dy, T.Select(T.Equal(a, b), T.Create(0.5f) * dy, T.Create(0f)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientB<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            T.Select(T.Less(b, a), dy, T.Select(T.Equal(a, b), T.Create(0.5f) * dy, T.Create(0f)));
    }

    internal readonly struct Max : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T a, T b) where T : struct, ILanes<T> => Lanes.Max(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientA<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            T.Select(T.Less(b, a), dy, T.Select(T.Equal(a, b), T.Create(0.5f) * dy, T.Create(0f)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientB<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            T.Select(T.Less(a, b), dy, T.Select(T.Equal(a, b), T.Create(0.5f) * dy, T.Create(0f)));
    }

    internal readonly struct PRelu : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Forward<T>(T a, T b) where T : struct, ILanes<T> => T.Select(T.LessOrEqual(a, T.Create(0f)), a * b, a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientA<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(a, T.Create(0f)), dy * b, dy);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T GradientB<T>(T a, T b, T dy) where T : struct, ILanes<T> =>
            T.Select(T.LessOrEqual(a, T.Create(0f)), dy * a, T.Create(0f));
    }
}
