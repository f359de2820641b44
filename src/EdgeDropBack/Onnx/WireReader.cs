using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeDropBack.Onnx;

/// <summary>Reads the protobuf wire format from a span, copying nothing.</summary>
/// <remarks>
/// A message is a run of fields. Each field is a tag (a varint: field number times 8 plus wire type) and a value: 0 varint (7 bits a byte,
/// low bits first, high bit set when more follow), 1 eight bytes, 2 varint length and that many bytes, 5 four bytes.
/// All numbers are little-endian. Source: protobuf.dev, Encoding.
/// Every read is checked against the bytes that are there; every error carries the absolute offset in the file.
/// </remarks>
ref struct WireReader
{
    /// <summary>Messages may nest this deep. ONNX needs three levels for a graph inside a graph.</summary>
    public const int MaxDepth = 64;

    /// <summary>Longest name accepted, in bytes.</summary>
    public const int MaxName = 64 * 1024;

    /// <summary>Most numbers in one repeated field that is read into memory: shapes, axes, attributes. Tensors stay in the file.</summary>
    public const int MaxNumbers = 1 << 20;

    static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    readonly ReadOnlySpan<byte> _data;
    readonly long _origin;
    readonly int _depth;
    readonly string _file;
    int _position;

    public WireReader(string file, ReadOnlySpan<byte> data, long origin, int depth = 0)
    {
        _data = data;
        (_file, _origin, _depth) = (file, origin, depth);
    }

    /// <summary>Absolute offset of the next byte.</summary>
    public readonly long Position => _origin + _position;

    public readonly long Start => _origin;

    public readonly int Length => _data.Length;

    public readonly int Depth => _depth;

    public readonly ReadOnlySpan<byte> Data => _data;

    /// <summary>Absolute offset of the last tag read.</summary>
    public long FieldStart { get; private set; }

    /// <summary>Reads a tag; false at the end of the message.</summary>
    public bool Next(out int field, out WireType type)
    {
        (field, type) = (0, WireType.Varint);
        FieldStart = Position;
        if (_position == _data.Length) return false;
        ulong tag = Varint();
        type = (WireType)(tag & 7);
        if (tag >> 3 is 0 or > 0x1FFF_FFFF) Fail(FieldStart, $"field number {tag >> 3}, expected 1 to 536870911");
        if (type is not (WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32))
            Fail(FieldStart, $"wire type {(int)type} in field {tag >> 3}, expected 0, 1, 2 or 5");
        field = (int)(tag >> 3);
        return true;
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (_position == _data.Length) Fail(Position, "the message ends inside a number");
            byte b = _data[_position++];
            if (shift == 63 && b > 1) break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }

        Fail(Position, "a number longer than 64 bits");
        return 0;
    }

    public long Int64(WireType actual)
    {
        Expect(WireType.Varint, actual);
        return (long)Varint();
    }

    /// <summary>An int32 or enum: negative values come as ten bytes, and the upper half is dropped as protobuf does.</summary>
    public int Int32(WireType actual) => (int)Int64(actual);

    public float Single(WireType actual)
    {
        Expect(WireType.Fixed32, actual);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    public double Double(WireType actual)
    {
        Expect(WireType.Fixed64, actual);
        return BinaryPrimitives.ReadDoubleLittleEndian(Take(8));
    }

    public ReadOnlySpan<byte> Bytes(WireType actual)
    {
        Expect(WireType.Bytes, actual);
        long at = Position;
        ulong length = Varint();
        if (length > (ulong)(_data.Length - _position)) Fail(at, $"a length of {length} bytes where {_data.Length - _position} are left");
        return Take((int)length);
    }

    /// <summary>A nested message, as a reader over its bytes.</summary>
    public WireReader Message(WireType actual)
    {
        if (_depth == MaxDepth) Fail(FieldStart, $"messages nested deeper than {MaxDepth}");
        ReadOnlySpan<byte> bytes = Bytes(actual);
        return new(_file, bytes, Position - bytes.Length, _depth + 1);
    }

    /// <summary>A name: UTF-8 of at most <see cref="MaxName"/> bytes.</summary>
    public string Name(WireType actual)
    {
        ReadOnlySpan<byte> bytes = Bytes(actual);
        if (bytes.IsEmpty) return "";
        if (bytes.Length > MaxName) Fail(FieldStart, $"a name of {bytes.Length} bytes, expected at most {MaxName}");
        try
        {
            return s_utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            Fail(FieldStart, "a name that is not UTF-8");
            return "";
        }
    }

    /// <summary>Reads a repeated varint field, packed or not, appending to <paramref name="values"/>.</summary>
    public void Int64s(WireType actual, List<long> values)
    {
        if (actual == WireType.Varint)
        {
            ExpectRoom(values.Count);
            values.Add((long)Varint());
            return;
        }

        WireReader packed = Packed(actual);
        for (; !packed.AtEnd; values.Add((long)packed.Varint())) ExpectRoom(values.Count);
    }

    /// <summary>Reads a repeated float field, packed or not, appending to <paramref name="values"/>.</summary>
    public void Singles(WireType actual, List<float> values)
    {
        if (actual == WireType.Fixed32)
        {
            ExpectRoom(values.Count);
            values.Add(Single(actual));
            return;
        }

        WireReader packed = Packed(actual);
        for (; !packed.AtEnd; values.Add(packed.Single(WireType.Fixed32))) ExpectRoom(values.Count);
    }

    public readonly bool AtEnd => _position == _data.Length;

    /// <summary>The bytes of a packed field, as a reader of bare values.</summary>
    public WireReader Packed(WireType actual)
    {
        ReadOnlySpan<byte> bytes = Bytes(actual);
        return new(_file, bytes, Position - bytes.Length, _depth);
    }

    /// <summary>How often a field stands in the rest of this message; what is nested is stepped over, and nothing is allocated.</summary>
    public readonly int Count(int field)
    {
        WireReader rest = this;
        int count = 0;
        while (rest.Next(out int found, out WireType type))
        {
            if (found == field) count++;
            rest.Skip(type);
        }

        return count;
    }

    public void Skip(WireType actual)
    {
        switch (actual)
        {
            case WireType.Varint: Varint(); break;
            case WireType.Fixed64: Take(8); break;
            case WireType.Fixed32: Take(4); break;
            default: Bytes(actual); break;
        }
    }

    /// <summary>Refuses what is sound, and beyond a limit.</summary>
    [DoesNotReturn]
    public readonly void Refuse(long offset, string limit) => throw EdbException.Refused($"{_file}: at byte {offset}: {limit}");

    [DoesNotReturn]
    public readonly void Fail(long offset, string found) =>
        throw EdbException.Refused($"{_file}: at byte {offset}: {found}; the file is damaged or cut short, copy or download it again");

    readonly void ExpectRoom(int count)
    {
        if (count == MaxNumbers) Refuse(FieldStart, $"more than {MaxNumbers} numbers in one field; no ONNX operator takes so many");
    }

    readonly void Expect(WireType expected, WireType actual)
    {
        if (expected != actual) Fail(FieldStart, $"wire type {actual}, expected {expected}");
    }

    /// <summary>The next bytes as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _data.Length - _position) Fail(Position, $"the message ends {count - (_data.Length - _position)} bytes early");
        ReadOnlySpan<byte> bytes = _data.Slice(_position, count);
        _position += count;
        return bytes;
    }
}
