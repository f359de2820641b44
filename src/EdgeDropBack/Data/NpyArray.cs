using System.Runtime.InteropServices;

namespace EdgeDropBack.Data;

/// <summary>An array with its shape: little-endian, row-major bytes as an .npy file holds them.</summary>
sealed class NpyArray
{
    /// <param name="type">Element type.</param>
    /// <param name="shape">Extents, outermost first; empty for a scalar.</param>
    /// <param name="bytes">Exactly product(shape) elements; kept, not copied.</param>
    public NpyArray(NpyType type, int[] shape, byte[] bytes)
    {
        var length = 1L;
        foreach (var extent in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent, nameof(shape));
            length = checked(length * extent);
        }
        if (length * type.Size() != bytes.LongLength)
            throw new ArgumentException($"{bytes.LongLength} bytes for {length} elements of {type}", nameof(bytes));
        (Type, Shape, Bytes, Length) = (type, shape, bytes, (int)length);
    }

    public NpyType Type { get; }
    public int[] Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    public byte[] Bytes { get; }

    public static NpyArray From(ReadOnlySpan<float> values, params int[] shape) => Copy(NpyType.Float32, values, shape);

    public static NpyArray From(ReadOnlySpan<double> values, params int[] shape) => Copy(NpyType.Float64, values, shape);

    public static NpyArray From(ReadOnlySpan<long> values, params int[] shape) => Copy(NpyType.Int64, values, shape);

    public static NpyArray From(ReadOnlySpan<byte> values, params int[] shape) => Copy(NpyType.UInt8, values, shape);

    /// <summary>Every element as float32, rounded to nearest where the type is wider.</summary>
    public float[] ReadFloats()
    {
        var values = new float[Length];
        NpyConvert.ToFloats(Type, Bytes, values);
        return values;
    }

    /// <summary>Every element as an integer. Floats that are whole numbers are taken.</summary>
    /// <param name="name">Names the array in the error for an element that is no integer.</param>
    public long[] ReadInt64s(string name)
    {
        var values = new long[Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = NpyConvert.ToInt64(Type, Bytes, i) ?? throw EdbException.Refused(
                $"{Printable.Name(name)}: element {i} is not an integer that fits 64 bits ({Type}); save the array as int64");
        return values;
    }

    static NpyArray Copy<T>(NpyType type, ReadOnlySpan<T> values, int[] shape)
        where T : struct => new(type, shape, MemoryMarshal.AsBytes(values).ToArray());
}
