namespace EdgeDropBack.Kernels;

/// <summary>Where the values of untracked weights come from.</summary>
public enum BaseKind
{
    /// <summary>Stored as IEEE 754 binary32.</summary>
    Float32,

    /// <summary>Stored as IEEE 754 binary16, widened when read.</summary>
    Float16,

    /// <summary>Stored as bfloat16, widened when read.</summary>
    BFloat16,

    /// <summary>Computed from seed, tensor and index.</summary>
    Regenerated,

    /// <summary>All zero: the base has decayed away.</summary>
    Zero,

    /// <summary>Stored as unsigned bytes with scales and zero points, dequantized when read.</summary>
    UInt8,

    /// <summary>Stored as signed bytes with scales and zero points, dequantized when read.</summary>
    Int8,

    /// <summary>Stored as 32-bit integers with scales, as biases of quantized layers are; dequantized when read.</summary>
    Int32,

    /// <summary>Stored as binary32, rounded to the nearest number that the quantized type has when read.</summary>
    RoundedFloat32,
}
