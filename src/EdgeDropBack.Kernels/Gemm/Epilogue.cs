using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>What happens between a finished chain and memory.</summary>
static unsafe class Epilogue
{
    /// <summary>destination[i] = source[i] * alpha + bias[i], rounded after each; alpha 1 and no bias leave the value alone.</summary>
    public static void Row(float* source, float alpha, float* bias, float* destination, int count)
    {
        if (alpha == 1 && bias == null)
        {
            new Span<float>(source, count).CopyTo(new Span<float>(destination, count));
            return;
        }
        var i = 0;
        for (; i + 8 <= count; i += 8)
        {
            var value = Vector256.Load(source + i);
            if (alpha != 1)
                value *= Vector256.Create(alpha);
            if (bias != null)
                value += Vector256.Load(bias + i);
            value.Store(destination + i);
        }
        for (; i < count; i++)
        {
            var value = alpha != 1 ? source[i] * alpha : source[i];
            destination[i] = bias != null ? value + bias[i] : value;
        }
    }

    /// <summary>destination[i] = source[i] + bias, or a copy when there is none.</summary>
    public static void Row(float* source, float* bias, float* destination, int count)
    {
        if (bias == null)
        {
            new Span<float>(source, count).CopyTo(new Span<float>(destination, count));
            return;
        }
        var i = 0;
        for (; i + 8 <= count; i += 8)
            (Vector256.Load(source + i) + Vector256.Create(*bias)).Store(destination + i);
        for (; i < count; i++)
            destination[i] = source[i] + *bias;
    }
}
