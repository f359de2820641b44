using System.Runtime.InteropServices;

namespace EdgeDropBack.Onnx;

/// <summary>Conversions between raw little-endian tensor bytes and fp32 or int64. Raw bytes may have any alignment.</summary>
static class TensorConversion
{
    /// <summary>Converts elements from <paramref name="start"/> on, as many as fit; false when the type is not a number.</summary>
    public static bool ToFloats(OnnxDataType type, ReadOnlySpan<byte> raw, long start, Span<float> to)
    {
        switch (type)
        {
            case OnnxDataType.Float: Elements<float>(raw, start, to.Length).CopyTo(to); return true;
            case OnnxDataType.Double: Convert(Elements<double>(raw, start, to.Length), to, v => (float)v); return true;
            case OnnxDataType.Float16:
                ReadOnlySpan<Half> halves = Elements<Half>(raw, start, to.Length);
                for (int i = 0; i < to.Length; i++) to[i] = (float)halves[i];
                return true;
            case OnnxDataType.BFloat16:
                ReadOnlySpan<ushort> brains = Elements<ushort>(raw, start, to.Length);
                for (int i = 0; i < to.Length; i++) to[i] = BitConverter.UInt32BitsToSingle((uint)brains[i] << 16);
                return true;
            case OnnxDataType.Bool: Convert(Elements<byte>(raw, start, to.Length), to, v => v == 0 ? 0f : 1f); return true;
            case OnnxDataType.UInt64: Convert(Elements<ulong>(raw, start, to.Length), to, v => v); return true;
            case var _ when type.IsSmallFloat():
                for (int i = 0; i < to.Length; i++) to[i] = SmallFloats.ToFloat(type, Code(type, raw, start + i));
                return true;
        }

        Span<long> chunk = stackalloc long[64];
        for (int i = 0; i < to.Length; i += chunk.Length)
        {
            Span<long> part = chunk[..Math.Min(chunk.Length, to.Length - i)];
            if (!ToInt64s(type, raw, part, start + i)) return false;
            for (int j = 0; j < part.Length; j++) to[i + j] = part[j];
        }

        return true;
    }

    /// <summary>Converts elements of an integer or bool type; false for any other type. A uint64 above 2^63 - 1 keeps its bits.</summary>
    public static bool ToInt64s(OnnxDataType type, ReadOnlySpan<byte> raw, Span<long> to, long start = 0)
    {
        switch (type)
        {
            case OnnxDataType.Int64: Elements<long>(raw, start, to.Length).CopyTo(to); return true;
            case OnnxDataType.UInt64: Convert(Elements<ulong>(raw, start, to.Length), to, v => (long)v); return true;
            case OnnxDataType.Int32: Convert(Elements<int>(raw, start, to.Length), to, v => v); return true;
            case OnnxDataType.UInt32: Convert(Elements<uint>(raw, start, to.Length), to, v => v); return true;
            case OnnxDataType.Int16: Convert(Elements<short>(raw, start, to.Length), to, v => v); return true;
            case OnnxDataType.UInt16: Convert(Elements<ushort>(raw, start, to.Length), to, v => v); return true;
            case OnnxDataType.Int8: Convert(Elements<sbyte>(raw, start, to.Length), to, v => v); return true;
            case OnnxDataType.UInt8: Convert(Elements<byte>(raw, start, to.Length), to, v => v); return true;
            case OnnxDataType.Bool: Convert(Elements<byte>(raw, start, to.Length), to, v => v == 0 ? 0L : 1L); return true;
            case OnnxDataType.UInt4 or OnnxDataType.Int4 or OnnxDataType.UInt2 or OnnxDataType.Int2:
                Packed(type, raw, start, to);
                return true;
            default: return false;
        }
    }

    /// <summary>Writes fp32 values as a floating-point type, rounding to nearest even; a NaN stays a NaN.</summary>
    public static void FromFloats(OnnxDataType type, ReadOnlySpan<float> from, Span<byte> raw)
    {
        switch (type)
        {
            case OnnxDataType.Float: from.CopyTo(MemoryMarshal.Cast<byte, float>(raw)); break;
            case OnnxDataType.Double: Convert(from, MemoryMarshal.Cast<byte, double>(raw), v => v); break;
            case OnnxDataType.Float16: Convert(from, MemoryMarshal.Cast<byte, Half>(raw), v => (Half)v); break;
            case OnnxDataType.BFloat16: Convert(from, MemoryMarshal.Cast<byte, ushort>(raw), ToBFloat16); break;
            default: throw new ArgumentException($"{type} is not a floating-point type", nameof(type));
        }
    }

    /// <summary>bf16 is the upper half of fp32; adding half a unit less one, plus the lowest kept bit, rounds ties to even.</summary>
    static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)(bits >> 16 | 0x40) : (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    static ReadOnlySpan<T> Elements<T>(ReadOnlySpan<byte> raw, long start, int count) where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(raw).Slice(checked((int)start), count);

    static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to, Func<TFrom, TTo> convert)
    {
        for (int i = 0; i < from.Length; i++) to[i] = convert(from[i]);
    }

    static void Packed(OnnxDataType type, ReadOnlySpan<byte> raw, long start, Span<long> to)
    {
        int bits = type.Bits();
        bool signed = type is OnnxDataType.Int4 or OnnxDataType.Int2;
        for (int i = 0; i < to.Length; i++)
        {
            int value = Code(type, raw, start + i);
            to[i] = signed && value >> bits - 1 != 0 ? value - (1 << bits) : value;
        }
    }

    /// <summary>The bits of one element of at most a byte; types below a byte are packed from the low bits up.</summary>
    static int Code(OnnxDataType type, ReadOnlySpan<byte> raw, long element)
    {
        int bits = type.Bits();
        int perByte = 8 / bits;
        return raw[(int)(element / perByte)] >> (int)(element % perByte) * bits & ((1 << bits) - 1);
    }
}
