using System.Buffers.Binary;
using System.Text;

namespace EdgeDropBack.Onnx;

/// <summary>A constant tensor of the model: its type, shape and where its bytes are in the mapped file.</summary>
/// <remarks>
/// The format stores values in one of three ways (onnx.proto, TensorProto): raw little-endian bytes, typed lists, or another file.
/// Raw bytes, external data and packed float, double lists are used where they lie. Lists of integers and unpacked lists are varints or
/// carry tags, so they are decoded into a buffer the first time they are asked for.
/// </remarks>
sealed class OnnxTensor
{
    readonly string _file;
    readonly OnnxTensorData _data;
    byte[]? _decoded;

    internal OnnxTensor(string file, string name, OnnxDataType dataType, long[] dims, long count, OnnxTensorData data)
    {
        (_file, Name, DataType, Dims, ElementCount, _data) = (file, name, dataType, dims, count, data);
    }

    public string Name { get; }

    public OnnxDataType DataType { get; }

    /// <summary>Shape; empty for a scalar.</summary>
    public IReadOnlyList<long> Dims { get; }

    /// <summary>Product of <see cref="Dims"/>.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes of the values in raw form; 0 for strings.</summary>
    public int ByteCount => _data.Length;

    /// <summary>True when the values are used where they lie in the mapped file, with no copy.</summary>
    public bool IsMapped => _data.IsMapped;

    /// <summary>The external file that holds the values, or null when they are in the model file.</summary>
    public string? ExternalFile => _data.IsExternal ? _data.Source.Path : null;

    internal OnnxTensorData Data => _data;

    /// <summary>The values as raw little-endian bytes in the mapped file, at any alignment; valid while the model is open.</summary>
    /// <exception cref="InvalidOperationException">The values are not mapped: use <see cref="Raw"/>.</exception>
    public ReadOnlySpan<byte> MappedBytes => IsMapped
        ? _data.Source.Slice(_data.Offset, _data.Length)
        : throw new InvalidOperationException($"tensor \"{Name}\" is stored as a list, not as raw bytes");

    /// <summary>The values as raw little-endian bytes: mapped where <see cref="IsMapped"/>, otherwise decoded once and kept.</summary>
    public ReadOnlySpan<byte> Raw => IsMapped ? MappedBytes : _decoded ??= Decode();

    /// <summary>
    /// Converts elements from <paramref name="start"/> on to fp32, as many as <paramref name="destination"/> holds.
    /// Integers and fp64 round to nearest even; fp16, bf16 and bool convert exactly.
    /// </summary>
    public void ReadFloats(long start, Span<float> destination)
    {
        if (start < 0 || start > ElementCount - destination.Length)
            throw new ArgumentOutOfRangeException(nameof(start), $"elements {start} to {start + destination.Length} of {ElementCount}");
        if (destination.IsEmpty) return;
        if (!TensorConversion.ToFloats(DataType, Raw, start, destination))
            throw Unusable("numbers");
    }

    /// <summary>All values as fp32: for small tensors and tests.</summary>
    public float[] ReadFloats()
    {
        float[] values = new float[ElementCount];
        ReadFloats(0, values);
        return values;
    }

    /// <summary>All values of an integer or bool tensor.</summary>
    public long[] ReadInt64s()
    {
        long[] values = new long[ElementCount];
        if (values.Length > 0 && !TensorConversion.ToInt64s(DataType, Raw, values)) throw Unusable("integers");
        return values;
    }

    /// <summary>All values of a string tensor.</summary>
    public string[] ReadStrings()
    {
        if (DataType != OnnxDataType.String) throw Unusable("strings");
        string[] values = new string[ElementCount];
        int count = 0;
        WireReader reader = _data.Message(_file);
        while (reader.Next(out int field, out WireType type))
        {
            if (field == _data.ListField) values[count++] = Encoding.UTF8.GetString(reader.Bytes(type));
            else reader.Skip(type);
        }

        return values;
    }

    public override string ToString() => $"\"{Name}\" {DataType}[{string.Join(",", Dims)}]";

    EdbException Unusable(string asWhat) => EdbException.Refused(
        $"{_file}: tensor {this} cannot be read as {asWhat}; "
        + (DataType == OnnxDataType.String ? "put text into numbers outside the model" : "convert the model to fp32 weights first"));

    byte[] Decode()
    {
        if (DataType == OnnxDataType.String) throw Unusable("numbers");
        byte[] raw = new byte[_data.Length];
        Span<byte> rest = raw;
        WireReader reader = _data.Message(_file);
        while (reader.Next(out int field, out WireType type))
        {
            if (field != _data.ListField)
            {
                reader.Skip(type);
                continue;
            }

            if (type != WireType.Bytes)
            {
                DecodeOne(ref reader, ref rest);
                continue;
            }

            WireReader packed = reader.Packed(type);
            while (!packed.AtEnd) DecodeOne(ref packed, ref rest);
        }

        return raw;
    }

    void DecodeOne(ref WireReader reader, ref Span<byte> rest)
    {
        Span<byte> wide = stackalloc byte[8];
        int size = _data.ListUnit == WireType.Fixed32 ? 4 : _data.ListUnit == WireType.Fixed64 ? 8 : Math.Max(1, DataType.Bits() / 8);
        if (_data.ListUnit == WireType.Varint) BinaryPrimitives.WriteUInt64LittleEndian(wide, reader.Varint());
        else reader.Take(size).CopyTo(wide);
        wide[..size].CopyTo(rest);
        rest = rest[size..];
    }
}
