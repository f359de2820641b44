using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Numbers rounded to the nearest that a quantized type has, halves to even, and clipped to its range: QuantizeLinear followed by
/// DequantizeLinear. NaN stays NaN.
/// </summary>
static unsafe class Rounding
{
    /// <summary>Rounds numbers [start, start + count) in their place.</summary>
    /// <param name="values">The first of them.</param>
    /// <param name="wide">Use registers of 256 bits where the processor has them.</param>
    public static void Run(float* values, Quantization quantization, long start, nint count, bool wide = true)
    {
        if (wide && Vector256.IsHardwareAccelerated) Run<Lanes256>(values, quantization, start, count);
        else Run<Lanes128x2>(values, quantization, start, count);
    }

    public static float Value(float x, Quantization quantization, int channel)
    {
        var (low, high) = Limits(quantization, channel);
        return Value<Lanes1>(new(x), Lanes1.Create(quantization.Scale[channel]), Lanes1.Create(low), Lanes1.Create(high)).Value;
    }

    static void Run<T>(float* values, Quantization quantization, long start, nint count) where T : struct, ILanes<T>
    {
        foreach (var run in new ChannelRuns(quantization, start, count))
        {
            if (run.IsAcross)
            {
                for (nint i = 0; i < run.Count; i++) values[i] = Value(values[i], quantization, run.Channel + (int)i);
            }
            else
            {
                Along<T>(ref *values, run.Count, quantization, run.Channel);
            }
            values += run.Count;
        }
    }

    static void Along<T>(ref float values, nint count, Quantization quantization, int channel) where T : struct, ILanes<T>
    {
        var (lowest, highest) = Limits(quantization, channel);
        T scale = T.Create(quantization.Scale[channel]), low = T.Create(lowest), high = T.Create(highest);
        nint i = 0;
        for (; i <= count - T.Count; i += T.Count) T.Store(Value(T.Load(in values, i), scale, low, high), ref values, i);
        if (i < count) T.StorePartial(Value(T.LoadPartial(in values, i, (int)(count - i), 0f), scale, low, high), ref values, i, (int)(count - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Value<T>(T x, T scale, T low, T high) where T : struct, ILanes<T>
    {
        var steps = T.Round(x / scale);
        steps = T.Select(T.Less(steps, low), low, steps);
        return T.Select(T.Less(high, steps), high, steps) * scale;
    }

    /// <summary>Smallest and largest number of steps from zero.</summary>
    static (float Low, float High) Limits(Quantization quantization, int channel)
        => (quantization.Low - quantization.ZeroPoint[channel], quantization.High - quantization.ZeroPoint[channel]);
}
