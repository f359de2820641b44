using System.Runtime.InteropServices;

namespace EdgeDropBack.Data;

/// <summary>Element conversions of raw little-endian array bytes.</summary>
static class NpyConvert
{
    /// <summary>Every element as float32, rounded to nearest where it is wider.</summary>
    internal static void ToFloats(NpyType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case NpyType.Bool:
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = source[i] != 0 ? 1f : 0f;
                break;
            case NpyType.UInt8:
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = source[i];
                break;
            case NpyType.Int8:
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = (sbyte)source[i];
                break;
            case NpyType.Float32:
                MemoryMarshal.Cast<byte, float>(source)[..destination.Length].CopyTo(destination);
                break;
            default:
                WideToFloats(type, source, destination);
                break;
        }
    }

    static void WideToFloats(NpyType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = type switch
            {
                NpyType.UInt16 => MemoryMarshal.Cast<byte, ushort>(source)[i],
                NpyType.Int16 => MemoryMarshal.Cast<byte, short>(source)[i],
                NpyType.UInt32 => (float)(double)MemoryMarshal.Cast<byte, uint>(source)[i],
                NpyType.Int32 => MemoryMarshal.Cast<byte, int>(source)[i],
                NpyType.UInt64 => (float)MemoryMarshal.Cast<byte, ulong>(source)[i],
                NpyType.Int64 => MemoryMarshal.Cast<byte, long>(source)[i],
                NpyType.Float16 => (float)MemoryMarshal.Cast<byte, Half>(source)[i],
                _ => (float)MemoryMarshal.Cast<byte, double>(source)[i],
            };
    }

    /// <summary>One element as an integer; null where it is none or does not fit.</summary>
    internal static long? ToInt64(NpyType type, ReadOnlySpan<byte> source, int index) => type switch
    {
        NpyType.Bool => source[index] != 0 ? 1 : 0,
        NpyType.UInt8 => source[index],
        NpyType.Int8 => (sbyte)source[index],
        NpyType.UInt16 => MemoryMarshal.Cast<byte, ushort>(source)[index],
        NpyType.Int16 => MemoryMarshal.Cast<byte, short>(source)[index],
        NpyType.UInt32 => MemoryMarshal.Cast<byte, uint>(source)[index],
        NpyType.Int32 => MemoryMarshal.Cast<byte, int>(source)[index],
        NpyType.UInt64 => MemoryMarshal.Cast<byte, ulong>(source)[index] is var u && u <= long.MaxValue ? (long)u : null,
        NpyType.Int64 => MemoryMarshal.Cast<byte, long>(source)[index],
        NpyType.Float16 => Whole((double)MemoryMarshal.Cast<byte, Half>(source)[index]),
        NpyType.Float32 => Whole(MemoryMarshal.Cast<byte, float>(source)[index]),
        _ => Whole(MemoryMarshal.Cast<byte, double>(source)[index]),
    };

    static long? Whole(double value) =>
        Math.Abs(value) < 9.0e15 && Math.Floor(value) == value ? (long)value : null;
}
