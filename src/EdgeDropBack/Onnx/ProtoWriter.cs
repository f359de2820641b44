using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EdgeDropBack.Onnx;

/// <summary>Builds one protobuf message. Its length is known as it grows; large values are streamed when it is written.</summary>
sealed class ProtoWriter
{
    const int ChunkBytes = 1 << 20;
    const int ChunkFloats = 1 << 14;

    readonly List<(long Length, Action<Stream> Write)> _parts = [];
    ArrayBufferWriter<byte> _tail = new(64);
    long _flushed;

    /// <summary>Bytes of the message.</summary>
    public long Length => _flushed + _tail.WrittenCount;

    public ProtoWriter Varint(int field, long value)
    {
        Tag(field, WireType.Varint);
        Raw((ulong)value);
        return this;
    }

    public ProtoWriter Single(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_tail.GetSpan(4), value);
        _tail.Advance(4);
        return this;
    }

    public ProtoWriter Double(int field, double value)
    {
        Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_tail.GetSpan(8), value);
        _tail.Advance(8);
        return this;
    }

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Prefix(field, value.Length);
        _tail.Write(value);
        return this;
    }

    public ProtoWriter String(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A string field, left out when empty as protobuf does.</summary>
    public ProtoWriter OptionalString(int field, string value) => value.Length == 0 ? this : String(field, value);

    /// <summary>A repeated integer field, one tag a value: dims, ints.</summary>
    public ProtoWriter Varints(int field, IEnumerable<long> values)
    {
        foreach (long value in values) Varint(field, value);
        return this;
    }

    /// <summary>A repeated integer field, packed: int32_data, int64_data.</summary>
    public ProtoWriter PackedVarints(int field, ReadOnlySpan<long> values)
    {
        var packed = new ProtoWriter();
        foreach (long value in values) packed.Raw((ulong)value);
        return Message(field, packed);
    }

    /// <summary>The fields of another message.</summary>
    public ProtoWriter Append(ProtoWriter fields)
    {
        Add(fields.Length, fields.WriteTo);
        return this;
    }

    /// <summary>A nested message; it must not grow afterwards.</summary>
    public ProtoWriter Message(int field, ProtoWriter message)
    {
        Prefix(field, message.Length);
        Add(message.Length, message.WriteTo);
        return this;
    }

    /// <summary>A bytes field copied from a file when the message is written.</summary>
    public ProtoWriter Copied(int field, ModelFile source, long offset, long length)
    {
        Prefix(field, length);
        return Copy(source, offset, length);
    }

    /// <summary>Whole fields as they stand in a file.</summary>
    public ProtoWriter Copy(ModelFile source, long offset, long length)
    {
        if (length == 0) return this;
        Add(length, stream =>
        {
            for (long at = 0; at < length; at += ChunkBytes)
                stream.Write(source.Slice(offset + at, (int)Math.Min(ChunkBytes, length - at)));
        });
        return this;
    }

    /// <summary>A bytes field of <paramref name="count"/> values, asked for in order and in chunks when the message is written.</summary>
    public ProtoWriter Floats(int field, OnnxDataType type, long count, Action<long, Span<float>> read)
    {
        int size = type.Bits() / 8;
        Prefix(field, count * size);
        Add(count * size, stream =>
        {
            int most = (int)Math.Min(ChunkFloats, count);
            float[] values = new float[most];
            byte[] raw = new byte[most * size];
            for (long at = 0; at < count; at += most)
            {
                int now = (int)Math.Min(most, count - at);
                read(at, values.AsSpan(0, now));
                TensorConversion.FromFloats(type, values.AsSpan(0, now), raw.AsSpan(0, now * size));
                stream.Write(raw, 0, now * size);
            }
        });
        return this;
    }

    public void WriteTo(Stream stream)
    {
        Flush();
        foreach ((_, Action<Stream> write) in _parts) write(stream);
    }

    void Add(long length, Action<Stream> write)
    {
        Flush();
        _parts.Add((length, write));
        _flushed += length;
    }

    void Flush()
    {
        if (_tail.WrittenCount == 0) return;
        ReadOnlyMemory<byte> bytes = _tail.WrittenMemory;
        _tail = new(64);
        _parts.Add((bytes.Length, stream => stream.Write(bytes.Span)));
        _flushed += bytes.Length;
    }

    void Prefix(int field, long length)
    {
        Tag(field, WireType.Bytes);
        Raw((ulong)length);
    }

    void Tag(int field, WireType type) => Raw((uint)field << 3 | (uint)type);

    void Raw(ulong value)
    {
        Span<byte> bytes = _tail.GetSpan(10);
        int count = 0;
        for (; value >= 0x80; value >>= 7) bytes[count++] = (byte)(value | 0x80);
        bytes[count++] = (byte)value;
        _tail.Advance(count);
    }
}
