namespace EdgeDropBack.Onnx;

/// <summary>Sizes of the ONNX element types.</summary>
static class OnnxDataTypes
{
    /// <summary>Bits of one element in raw data; 0 for strings and for types this version does not know.</summary>
    public static int Bits(this OnnxDataType type) => type switch
    {
        OnnxDataType.UInt2 or OnnxDataType.Int2 => 2,
        OnnxDataType.UInt4 or OnnxDataType.Int4 or OnnxDataType.Float4E2M1 => 4,
        OnnxDataType.UInt8 or OnnxDataType.Int8 or OnnxDataType.Bool => 8,
        OnnxDataType.Float8E4M3FN or OnnxDataType.Float8E4M3FNUZ or OnnxDataType.Float8E5M2 => 8,
        OnnxDataType.Float8E5M2FNUZ or OnnxDataType.Float8E8M0 => 8,
        OnnxDataType.UInt16 or OnnxDataType.Int16 or OnnxDataType.Float16 or OnnxDataType.BFloat16 => 16,
        OnnxDataType.Float or OnnxDataType.Int32 or OnnxDataType.UInt32 => 32,
        OnnxDataType.Double or OnnxDataType.Int64 or OnnxDataType.UInt64 or OnnxDataType.Complex64 => 64,
        OnnxDataType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>True for fp32, fp16, bf16 and fp64: the types a trained value can be written back in.</summary>
    public static bool IsFloatingPoint(this OnnxDataType type) =>
        type is OnnxDataType.Float or OnnxDataType.Float16 or OnnxDataType.BFloat16 or OnnxDataType.Double;

    /// <summary>The type with its number, as messages show it.</summary>
    public static string Label(this OnnxDataType type) =>
        type is >= OnnxDataType.Undefined and <= OnnxDataType.Int2 ? $"{type} ({(int)type})" : $"type {(int)type}";

    /// <summary>Bytes of <paramref name="count"/> elements in raw data; types below 8 bits are packed, the last byte padded.</summary>
    /// <returns>False when the size does not fit 63 bits.</returns>
    internal static bool TryByteCount(this OnnxDataType type, long count, out long bytes)
    {
        Int128 total = ((Int128)count * type.Bits() + 7) / 8;
        bytes = total <= long.MaxValue ? (long)total : 0;
        return total <= long.MaxValue;
    }
}
