namespace EdgeDropBack.Kernels;

/// <summary>What a quantization node does with activations, which carry integers as whole numbers.</summary>
public enum QuantizationForm
{
    /// <summary>Numbers to integers: round(x / scale) + zero point, halves to even, clipped to the type's range.</summary>
    Quantize,

    /// <summary>Integers to numbers: (x - zero point) * scale.</summary>
    Dequantize,

    /// <summary>One after the other: numbers rounded to those that the type has.</summary>
    Both,
}
