using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Many chains side by side in memory, one link or four at a time.</summary>
static unsafe class Chains
{
    /// <summary>sums[i] = fma(x, line[i], sums[i])</summary>
    public static void Add(float x, float* line, float* sums, int count)
    {
        var i = 0;
        for (; i + 8 <= count; i += 8)
            Vector256.FusedMultiplyAdd(Vector256.Create(x), Vector256.Load(line + i), Vector256.Load(sums + i)).Store(sums + i);
        for (; i < count; i++)
            sums[i] = MathF.FusedMultiplyAdd(x, line[i], sums[i]);
    }

    /// <summary>Four links: x[0] l0, x[1] l1, x[2] l2, x[3] l3.</summary>
    public static void Add(float* x, float* l0, float* l1, float* l2, float* l3, float* sums, int count)
    {
        Vector256<float> x0 = Vector256.Create(x[0]), x1 = Vector256.Create(x[1]), x2 = Vector256.Create(x[2]), x3 = Vector256.Create(x[3]);
        var i = 0;
        for (; i + 8 <= count; i += 8)
        {
            var sum = Vector256.FusedMultiplyAdd(x0, Vector256.Load(l0 + i), Vector256.Load(sums + i));
            sum = Vector256.FusedMultiplyAdd(x1, Vector256.Load(l1 + i), sum);
            sum = Vector256.FusedMultiplyAdd(x2, Vector256.Load(l2 + i), sum);
            Vector256.FusedMultiplyAdd(x3, Vector256.Load(l3 + i), sum).Store(sums + i);
        }
        for (; i < count; i++)
        {
            var sum = MathF.FusedMultiplyAdd(x[0], l0[i], sums[i]);
            sum = MathF.FusedMultiplyAdd(x[1], l1[i], sum);
            sum = MathF.FusedMultiplyAdd(x[2], l2[i], sum);
            sums[i] = MathF.FusedMultiplyAdd(x[3], l3[i], sum);
        }
    }
}
