using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Cross-entropy of softmax(logits) against soft targets, with its gradient.</summary>
public static class SoftmaxCrossEntropy
{
    /// <summary>
    /// Returns scale * sum_s w_s l_s with l_s = -sum_c t_c log softmax(z)_c, added in double in row order; a target of 0 contributes
    /// nothing, whatever its logit.
    /// </summary>
    /// <param name="logits">z, [rows, classes]</param>
    /// <param name="targets">t, [rows, classes], of any sum</param>
    /// <param name="sampleWeights">w, [rows]</param>
    /// <param name="rows">samples</param>
    /// <param name="classes">outputs of a sample</param>
    /// <param name="scale">usually 1 / batch</param>
    /// <param name="dLogits">[rows, classes]: scale w_s (softmax sum(t) - t); may be empty, or be <paramref name="logits"/></param>
    /// <param name="perSample">[rows]: l_s, unweighted; may be empty</param>
    public static double Forward(
        ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, ReadOnlySpan<float> sampleWeights, int rows, int classes, float scale,
        Span<float> dLogits, Span<float> perSample) => Vector256.IsHardwareAccelerated
            ? ForwardWith<Lanes256>(logits, targets, sampleWeights, rows, classes, scale, dLogits, perSample)
            : ForwardWith<Lanes128x2>(logits, targets, sampleWeights, rows, classes, scale, dLogits, perSample);

    internal static double ForwardWith<T>(
        ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, ReadOnlySpan<float> sampleWeights, int rows, int classes, float scale,
        Span<float> dLogits, Span<float> perSample) where T : struct, ILanes<T>
    {
        LossGuard.Check(logits.Length, targets.Length, sampleWeights.Length, dLogits.Length, perSample.Length, rows, classes);
        double total = 0.0;
        for (int s = 0; s < rows; s++)
        {
            ref float z = ref Unsafe.Add(ref MemoryMarshal.GetReference(logits), (nint)s * classes);
            ref float t = ref Unsafe.Add(ref MemoryMarshal.GetReference(targets), (nint)s * classes);
            LogSoftmax.LogSumExp<T>(ref z, classes, out float max, out float log);
            float targetSum = T.TreeSum(Reduction.SumLanes<T>(in t, classes));
            float loss = RowLoss<T>(ref z, ref t, classes, max, log);
            if (!perSample.IsEmpty) perSample[s] = loss;
            total += (double)sampleWeights[s] * loss;
            if (!dLogits.IsEmpty)
            {
                ref float dz = ref Unsafe.Add(ref MemoryMarshal.GetReference(dLogits), (nint)s * classes);
                RowGradient<T>(ref z, ref t, ref dz, classes, max, log, targetSum, scale * sampleWeights[s]);
            }
        }
        return total * scale;
    }

    static float RowLoss<T>(ref float z, ref float t, int classes, float max, float log) where T : struct, ILanes<T>
    {
        T m = T.Create(max), l = T.Create(log), zero = T.Create(0f), sum = zero;
        for (int i = 0; i < classes; i += T.Count)
        {
            int count = Math.Min(T.Count, classes - i);
            T target = Softmax.Load<T>(ref t, i, count);
            T value = T.Fma(target, l - (Softmax.Load<T>(ref z, i, count) - m), sum);
            sum = T.Select(T.Equal(target, zero), sum, value);
        }
        return T.TreeSum(sum);
    }

    static void RowGradient<T>(ref float z, ref float t, ref float dz, int classes, float max, float log, float targetSum, float factor)
        where T : struct, ILanes<T>
    {
        T m = T.Create(max), l = T.Create(log), ts = T.Create(targetSum), f = T.Create(factor);
        for (int i = 0; i < classes; i += T.Count)
        {
            int count = Math.Min(T.Count, classes - i);
            T p = DeterministicMath.Exp(Softmax.Load<T>(ref z, i, count) - m - l);
            Softmax.Store(f * T.Fma(p, ts, -Softmax.Load<T>(ref t, i, count)), ref dz, i, count);
        }
    }
}
