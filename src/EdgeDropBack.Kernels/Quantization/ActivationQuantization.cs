using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// QuantizeLinear and DequantizeLinear of activations. The gradient takes rounding for the identity (the straight-through estimator), and is
/// zero where an element was clipped; which ones were is kept as one bit an element.
/// </summary>
public static unsafe class ActivationQuantization
{
    /// <summary>Elements of one byte of <c>kept</c>, and of a part that a worker takes.</summary>
    const int Byte = 8, Part = 512;

    /// <summary>Bytes that the bits of some elements take.</summary>
    public static int KeptBytes(int count) => (count + Byte - 1) / Byte;

    /// <param name="kept">[(count + 7) / 8]: bit i of byte b is 1 where element 8 b + i was not clipped; empty where it is not wanted.</param>
    /// <param name="y">[count]; may be <paramref name="x"/>.</param>
    public static void Forward(Workers w, QuantizationForm form, Quantization quantization, ReadOnlySpan<float> x, Span<byte> kept, Span<float> y)
    {
        SpanGuard.AtLeast(y.Length, x.Length);
        SpanGuard.EmptyOr(kept.Length, KeptBytes(x.Length));
        fixed (float* from = x, to = y)
        fixed (byte* bits = kept)
            RangeJob<Range>.Run(w, new Range(false, form, quantization, from, bits, to), x.Length, Part, x.Length);
    }

    /// <param name="kept">As the forward wrote it; not read by <see cref="QuantizationForm.Dequantize"/>.</param>
    /// <param name="dx">[count]; may be <paramref name="dy"/>.</param>
    public static void Backward(Workers w, QuantizationForm form, Quantization quantization, ReadOnlySpan<float> dy, ReadOnlySpan<byte> kept, Span<float> dx)
    {
        SpanGuard.AtLeast(dx.Length, dy.Length);
        if (form != QuantizationForm.Dequantize) SpanGuard.AtLeast(kept.Length, KeptBytes(dy.Length));
        fixed (float* from = dy, to = dx)
        fixed (byte* bits = kept)
            RangeJob<Range>.Run(w, new Range(true, form, quantization, from, bits, to), dy.Length, Part, dy.Length);
    }

    readonly struct Range(bool isBackward, QuantizationForm form, Quantization quantization, float* from, byte* kept, float* to) : IRange
    {
        public void Run(int start, int end)
        {
            var i = start;
            if (quantization.Channels == 1 && isBackward) i = BackwardEights(form, quantization, from, kept, to, start, end);
            else if (quantization.Channels == 1) i = ForwardEights(form, quantization, from, kept, to, start, end);
            for (; i < end; i++) to[i] = isBackward ? Reference.QuantizationBackward(form, quantization, i, from[i], IsKept(i)) : Element(i);
        }

        bool IsKept(int i) => form == QuantizationForm.Dequantize || (kept[i / Byte] >> i % Byte & 1) != 0;

        float Element(int i)
        {
            var y = Reference.Quantization(form, quantization, i, from[i], out var isKept);
            if (kept == null || form == QuantizationForm.Dequantize) return y;
            if (i % Byte == 0) kept[i / Byte] = 0;
            if (isKept) kept[i / Byte] |= (byte)(1 << i % Byte);
            return y;
        }
    }

    /// <summary>Whole bytes of bits; where it ended.</summary>
    static int ForwardEights(QuantizationForm form, Quantization quantization, float* x, byte* kept, float* y, int start, int end)
    {
        var (zeroPoint, scale) = (Vector128.Create((float)*quantization.ZeroPoint), Vector128.Create(*quantization.Scale));
        var (low, high) = (Vector128.Create((float)quantization.Low) - zeroPoint, Vector128.Create((float)quantization.High) - zeroPoint);
        var i = start;
        for (; i + Byte <= end; i += Byte)
        {
            if (form == QuantizationForm.Dequantize)
            {
                ((Vector128.Load(x + i) - zeroPoint) * scale).Store(y + i);
                ((Vector128.Load(x + i + 4) - zeroPoint) * scale).Store(y + i + 4);
                continue;
            }
            var (first, second) = (Vector128.Round(Vector128.Load(x + i) / scale), Vector128.Round(Vector128.Load(x + i + 4) / scale));
            if (kept != null) kept[i / Byte] = (byte)(Bits(first, low, high) | Bits(second, low, high) << 4);
            (first, second) = (Clipped(first, low, high), Clipped(second, low, high));
            (form == QuantizationForm.Both ? first * scale : first + zeroPoint).Store(y + i);
            (form == QuantizationForm.Both ? second * scale : second + zeroPoint).Store(y + i + 4);
        }
        return i;
    }

    static int BackwardEights(QuantizationForm form, Quantization quantization, float* dy, byte* kept, float* dx, int start, int end)
    {
        var scale = Vector128.Create(*quantization.Scale);
        var (lower, upper) = (Vector128.Create(1, 2, 4, 8), Vector128.Create(16, 32, 64, 128));
        var i = start;
        for (; i + Byte <= end; i += Byte)
        {
            var (first, second) = (Vector128.Load(dy + i), Vector128.Load(dy + i + 4));
            if (form == QuantizationForm.Dequantize)
            {
                (first, second) = (first * scale, second * scale);
            }
            else
            {
                if (form == QuantizationForm.Quantize) (first, second) = (first / scale, second / scale);
                var bits = Vector128.Create((int)kept[i / Byte]);
                first &= Vector128.Equals(bits & lower, lower).AsSingle();
                second &= Vector128.Equals(bits & upper, upper).AsSingle();
            }
            first.Store(dx + i);
            second.Store(dx + i + 4);
        }
        return i;
    }

    static uint Bits(Vector128<float> steps, Vector128<float> low, Vector128<float> high)
        => (Vector128.GreaterThanOrEqual(steps, low) & Vector128.LessThanOrEqual(steps, high)).ExtractMostSignificantBits();

    static Vector128<float> Clipped(Vector128<float> steps, Vector128<float> low, Vector128<float> high)
    {
        steps = Vector128.ConditionalSelect(Vector128.LessThan(steps, low), low, steps);
        return Vector128.ConditionalSelect(Vector128.GreaterThan(steps, high), high, steps);
    }
}
