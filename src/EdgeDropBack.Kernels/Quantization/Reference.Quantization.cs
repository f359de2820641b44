namespace EdgeDropBack.Kernels;

static unsafe partial class Reference
{
    /// <summary>One weight of a quantized base.</summary>
    public static float Dequantized(BaseKind kind, ReadOnlySpan<byte> stored, Quantization quantization, int index)
    {
        var channel = quantization.Channel(index);
        var (scale, zeroPoint) = (quantization.Scale[channel], quantization.ZeroPoint[channel]);
        return kind switch
        {
            BaseKind.UInt8 => (stored[index] - zeroPoint) * scale,
            BaseKind.Int8 => ((sbyte)stored[index] - zeroPoint) * scale,
            BaseKind.Int32 => (BitConverter.ToInt32(stored.Slice(index * sizeof(int), sizeof(int))) - zeroPoint) * scale,
            _ => Quantization(QuantizationForm.Both, quantization, index, BitConverter.ToSingle(stored.Slice(index * sizeof(float), sizeof(float))), out _),
        };
    }

    /// <summary>One activation; whether it was not clipped.</summary>
    public static float Quantization(QuantizationForm form, Quantization quantization, long index, float x, out bool isKept)
    {
        var channel = quantization.Channel(index);
        var (scale, zeroPoint) = (quantization.Scale[channel], (float)quantization.ZeroPoint[channel]);
        isKept = true;
        if (form == QuantizationForm.Dequantize) return (x - zeroPoint) * scale;
        var (low, high) = (quantization.Low - zeroPoint, quantization.High - zeroPoint);
        var steps = MathF.Round(x / scale, MidpointRounding.ToEven);
        isKept = steps >= low && steps <= high;
        if (steps < low) steps = low;
        if (steps > high) steps = high;
        return form == QuantizationForm.Both ? steps * scale : steps + zeroPoint;
    }

    /// <summary>The gradient of one activation.</summary>
    public static float QuantizationBackward(QuantizationForm form, Quantization quantization, long index, float dy, bool isKept)
    {
        var scale = quantization.Scale[quantization.Channel(index)];
        return form switch
        {
            QuantizationForm.Dequantize => dy * scale,
            _ when !isKept => 0f,
            QuantizationForm.Quantize => dy / scale,
            _ => dy,
        };
    }
}
