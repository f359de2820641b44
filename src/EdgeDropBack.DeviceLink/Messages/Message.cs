using System.Buffers.Binary;
using System.Text;

namespace EdgeDropBack.DeviceLink;

/// <summary>One message: its kind, and a body of numbers (little-endian), texts (length, UTF-8) and bytes in a fixed order.</summary>
sealed class Message(MessageKind kind)
{
    /// <summary>What a peer may send: a chunk, or a list of arguments, or a JSON object.</summary>
    public const int MaxBytes = 1 << 20;

    readonly MemoryStream _body = new();

    public Message(MessageKind kind, byte[] body)
        : this(kind)
    {
        _body.Write(body);
        _body.Position = 0;
    }

    public MessageKind Kind => kind;

    public ReadOnlySpan<byte> Body => _body.GetBuffer().AsSpan(0, (int)_body.Length);

    public Message Add(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        _body.Write(bytes);
        return this;
    }

    public Message Add(double value) => Add(BitConverter.DoubleToInt64Bits(value));

    public Message Add(ReadOnlySpan<byte> bytes)
    {
        _body.Write(bytes);
        return this;
    }

    public Message Add(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Add(bytes.Length).Add(bytes);
    }

    public long Number() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    public double Real() => BitConverter.Int64BitsToDouble(Number());

    public string Text() => Encoding.UTF8.GetString(Bytes(Number()));

    /// <exception cref="EdbException">Exit code 3: the body is shorter.</exception>
    public ReadOnlySpan<byte> Bytes(long count)
    {
        if (count < 0 || count > _body.Length - _body.Position)
            throw EdbException.Refused($"a {kind} message is cut short; use the same version of edb on both sides");
        var bytes = Body.Slice((int)_body.Position, (int)count);
        _body.Position += count;
        return bytes;
    }
}
