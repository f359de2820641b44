using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Squared error, the mean over the columns of a sample, with its gradient.</summary>
public static class MeanSquaredError
{
    /// <summary>Returns scale * sum_s w_s l_s with l_s = mean_c (z_c - t_c)^2, added in double in row order.</summary>
    /// <param name="outputs">z, the predictions, [rows, columns]</param>
    /// <param name="targets">t, [rows, columns]</param>
    /// <param name="sampleWeights">w, [rows]</param>
    /// <param name="rows">samples</param>
    /// <param name="columns">outputs of a sample</param>
    /// <param name="scale">usually 1 / batch</param>
    /// <param name="gradient">[rows, columns]: scale w_s 2 (z - t) / columns; may be empty, or be <paramref name="outputs"/></param>
    /// <param name="perSample">[rows]: l_s, unweighted; may be empty</param>
    public static double Forward(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> sampleWeights, int rows, int columns, float scale,
        Span<float> gradient, Span<float> perSample) => Vector256.IsHardwareAccelerated
            ? PointLoss.Forward<Point, Lanes256>(outputs, targets, sampleWeights, rows, columns, scale, gradient, perSample)
            : PointLoss.Forward<Point, Lanes128x2>(outputs, targets, sampleWeights, rows, columns, scale, gradient, perSample);

    internal readonly struct Point : IPointLoss
    {
        public static bool Mean => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Loss<T>(T z, T t) where T : struct, ILanes<T>
        {
            T d = z - t;
            return d * d;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Gradient<T>(T z, T t) where T : struct, ILanes<T> => T.Create(2f) * (z - t);
    }
}
