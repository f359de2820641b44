using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>The functions of <see cref="ReduceKind"/>.</summary>
static class ReduceOperators
{
    internal readonly struct Sum : IReduceOperator
    {
        public static float Identity => 0f;

        public static float Filler => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Map<T>(T x) where T : struct, ILanes<T> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Combine<T>(T a, T b) where T : struct, ILanes<T> => a + b;

        public static float Tree<T>(T lanes) where T : struct, ILanes<T> => T.TreeSum(lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Finish<T>(T value, T count) where T : struct, ILanes<T> => value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T> => dy;
    }

    internal readonly struct Mean : IReduceOperator
    {
        public static float Identity => 0f;

        public static float Filler => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Map<T>(T x) where T : struct, ILanes<T> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Combine<T>(T a, T b) where T : struct, ILanes<T> => a + b;

        public static float Tree<T>(T lanes) where T : struct, ILanes<T> => T.TreeSum(lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Finish<T>(T value, T count) where T : struct, ILanes<T> => value / count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T> => dy / count;
    }

    internal readonly struct L1 : IReduceOperator
    {
        public static float Identity => 0f;

        public static float Filler => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Map<T>(T x) where T : struct, ILanes<T> => T.Abs(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Combine<T>(T a, T b) where T : struct, ILanes<T> => a + b;

        public static float Tree<T>(T lanes) where T : struct, ILanes<T> => T.TreeSum(lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Finish<T>(T value, T count) where T : struct, ILanes<T> => value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T> => T.Select(T.Equal(x, T.Create(0f)), T.Create(0f), T.Select(T.Less(x, T.Create(0f)), -dy, dy));
    }

    internal readonly struct L2 : IReduceOperator
    {
        public static float Identity => 0f;

        public static float Filler => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Map<T>(T x) where T : struct, ILanes<T> => x * x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Combine<T>(T a, T b) where T : struct, ILanes<T> => a + b;

        public static float Tree<T>(T lanes) where T : struct, ILanes<T> => T.TreeSum(lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Finish<T>(T value, T count) where T : struct, ILanes<T> => T.Sqrt(value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T> => T.Select(T.Equal(y, T.Create(0f)), T.Create(0f), dy * (x / y));
    }

    internal readonly struct SumSquare : IReduceOperator
    {
        public static float Identity => 0f;

        public static float Filler => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Map<T>(T x) where T : struct, ILanes<T> => x * x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Combine<T>(T a, T b) where T : struct, ILanes<T> => a + b;

        public static float Tree<T>(T lanes) where T : struct, ILanes<T> => T.TreeSum(lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Finish<T>(T value, T count) where T : struct, ILanes<T> => value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T> => T.Create(2f) * x * dy;
    }

    internal readonly struct LogSum : IReduceOperator
    {
        public static float Identity => 0f;

        public static float Filler => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Map<T>(T x) where T : struct, ILanes<T> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Combine<T>(T a, T b) where T : struct, ILanes<T> => a + b;

        public static float Tree<T>(T lanes) where T : struct, ILanes<T> => T.TreeSum(lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Finish<T>(T value, T count) where T : struct, ILanes<T> => DeterministicMath.Log(value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T> => dy / DeterministicMath.Exp(y);
    }

    internal readonly struct Prod : IReduceOperator
    {
        public static float Identity => 1f;

        public static float Filler => 1f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Map<T>(T x) where T : struct, ILanes<T> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Combine<T>(T a, T b) where T : struct, ILanes<T> => a * b;

        public static float Tree<T>(T lanes) where T : struct, ILanes<T> => T.TreeProduct(lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Finish<T>(T value, T count) where T : struct, ILanes<T> => value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T> => dy * y / x;
    }

    /// <summary>In <c>Backward</c> count is the number of equal maxima.</summary>
    internal readonly struct Max : IReduceOperator
    {
        public static float Identity => float.NegativeInfinity;

        public static float Filler => float.NegativeInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Map<T>(T x) where T : struct, ILanes<T> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Combine<T>(T a, T b) where T : struct, ILanes<T> => Lanes.Max(a, b);

        public static float Tree<T>(T lanes) where T : struct, ILanes<T> => T.TreeMax(lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Finish<T>(T value, T count) where T : struct, ILanes<T> => value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T> => T.Select(T.Equal(x, y), dy / count, T.Create(0f));
    }

    /// <summary>The negated maximum of -x.</summary>
    internal readonly struct Min : IReduceOperator
    {
        public static float Identity => float.NegativeInfinity;

        public static float Filler => float.PositiveInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Map<T>(T x) where T : struct, ILanes<T> => -x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Combine<T>(T a, T b) where T : struct, ILanes<T> => Lanes.Max(a, b);

        public static float Tree<T>(T lanes) where T : struct, ILanes<T> => T.TreeMax(lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Finish<T>(T value, T count) where T : struct, ILanes<T> => -value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T> => T.Select(T.Equal(x, y), dy / count, T.Create(0f));
    }

    /// <summary>The sum of e^(x - shift) is formed by its own loop; this is its gradient.</summary>
    internal readonly struct LogSumExp : IReduceOperator
    {
        public static float Identity => 0f;

        public static float Filler => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Map<T>(T x) where T : struct, ILanes<T> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Combine<T>(T a, T b) where T : struct, ILanes<T> => a + b;

        public static float Tree<T>(T lanes) where T : struct, ILanes<T> => T.TreeSum(lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Finish<T>(T value, T count) where T : struct, ILanes<T> => value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Backward<T>(T x, T y, T dy, T count) where T : struct, ILanes<T> => dy * DeterministicMath.Exp(x - y);
    }
}
