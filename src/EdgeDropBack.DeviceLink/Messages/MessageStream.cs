using System.Buffers.Binary;

namespace EdgeDropBack.DeviceLink;

/// <summary>Messages over a session: kind (1 byte), length (4 bytes, little-endian), body. Sending is safe from several threads.</summary>
sealed class MessageStream(LinkStream stream)
{
    const int HeadBytes = 5;

    readonly Lock _sending = new();

    /// <summary>Bytes have come; the next message is on its way.</summary>
    public bool HasMessage => stream.HasBytes;

    public void Send(Message message, CancellationToken cancel)
    {
        var bytes = new byte[HeadBytes + message.Body.Length];
        bytes[0] = (byte)message.Kind;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), message.Body.Length);
        message.Body.CopyTo(bytes.AsSpan(HeadBytes));
        lock (_sending) stream.Write(bytes, cancel);
    }

    /// <exception cref="LinkLostException">The session is over, or the peer sent what is no message.</exception>
    public Message Receive(CancellationToken cancel)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        stream.ReadExactly(head, cancel);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
        if (length is < 0 or > Message.MaxBytes) throw new LinkLostException($"the peer announced a message of {length} bytes");
        var body = new byte[length];
        stream.ReadExactly(body, cancel);
        return new((MessageKind)head[0], body);
    }

    public void Flush(CancellationToken cancel) => stream.Flush(cancel);

    public void Close() => stream.Close();
}
