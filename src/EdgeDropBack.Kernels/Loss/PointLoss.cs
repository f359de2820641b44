using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels;

/// <summary>The loop of every <see cref="IPointLoss"/>: a sample's outputs are one run, samples are added in double in row order.</summary>
static class PointLoss
{
    internal static double Forward<TLoss, T>(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> sampleWeights, int rows, int columns, float scale,
        Span<float> gradient, Span<float> perSample) where TLoss : struct, IPointLoss where T : struct, ILanes<T>
    {
        LossGuard.Check(outputs.Length, targets.Length, sampleWeights.Length, gradient.Length, perSample.Length, rows, columns);
        Span<float> lanes = stackalloc float[8];
        float share = TLoss.Mean ? 1f / columns : 1f;
        double total = 0.0;
        for (int s = 0; s < rows; s++)
        {
            ref float z = ref Unsafe.Add(ref MemoryMarshal.GetReference(outputs), (nint)s * columns);
            ref float t = ref Unsafe.Add(ref MemoryMarshal.GetReference(targets), (nint)s * columns);
            ref float dz = ref Unsafe.Add(ref MemoryMarshal.GetReference(gradient), gradient.IsEmpty ? 0 : (nint)s * columns);
            T factor = T.Create(scale * sampleWeights[s] * share), sum = T.Create(0f);
            for (int i = 0; i < columns; i += T.Count)
            {
                int count = Math.Min(T.Count, columns - i);
                T vz = Softmax.Load<T>(ref z, i, count), vt = Softmax.Load<T>(ref t, i, count), loss = TLoss.Loss(vz, vt);
                if (count < T.Count)
                {
                    lanes.Clear();
                    T.StorePartial(loss, ref lanes[0], 0, count);
                    loss = T.Load(in lanes[0], 0);
                }
                sum += loss;
                if (!gradient.IsEmpty) Softmax.Store(factor * TLoss.Gradient(vz, vt), ref dz, i, count);
            }
            float sample = T.TreeSum(sum) * share;
            if (!perSample.IsEmpty) perSample[s] = sample;
            total += (double)sampleWeights[s] * sample;
        }
        return total * scale;
    }
}
