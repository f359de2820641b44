using System.Buffers.Binary;
using System.Security.Cryptography;
using EdgeDropBack.Store;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// Closes and opens the frames of one direction of a session: a CRC-32C that starts from a number of the session, so that frames of another
/// one fail it, and with a key a truncated HMAC-SHA-256 over the frame with its whole 64-bit position, so that no frame can be made,
/// changed or played again elsewhere without the key.
/// </summary>
/// <param name="salt">What the checksum starts from.</param>
/// <param name="key">The direction's key, or null for none.</param>
sealed class FrameSeal(uint salt, byte[]? key)
{
    const int Signed = 2 + sizeof(long);

    /// <summary>Of frames before a session.</summary>
    public static FrameSeal None { get; } = new(0, null);

    /// <summary>Bytes beside the payload, on the line.</summary>
    public int Overhead => FrameFormat.Overhead + (key is null ? 0 : FrameFormat.TagBytes);

    /// <returns>Bytes written to <paramref name="line"/>: the encoded frame with its delimiter.</returns>
    public int Close(FrameType type, DataFrame place, ReadOnlySpan<byte> payload, Span<byte> line)
    {
        Span<byte> frame = stackalloc byte[FrameFormat.MaxBytes];
        frame[0] = (byte)((int)type | place.Attempt << 4);
        frame[1] = (byte)payload.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(frame[2..], (ushort)place.Position);
        payload.CopyTo(frame[FrameFormat.HeaderBytes..]);
        var length = FrameFormat.HeaderBytes + payload.Length;
        if (key is not null)
        {
            Tag(frame[..length], place.Position, frame.Slice(length, FrameFormat.TagBytes));
            length += FrameFormat.TagBytes;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(frame[length..], Crc(frame[..length]));
        var written = Cobs.Encode(frame[..(length + FrameFormat.CrcBytes)], line);
        line[written] = Cobs.Delimiter;
        return written + 1;
    }

    /// <summary>Checks length and checksum of a decoded frame.</summary>
    public bool IsWhole(ReadOnlySpan<byte> frame)
    {
        var rest = FrameFormat.HeaderBytes + FrameFormat.CrcBytes + (key is null ? 0 : FrameFormat.TagBytes);
        return frame.Length >= rest && frame.Length == rest + frame[1]
            && BinaryPrimitives.ReadUInt32LittleEndian(frame[^FrameFormat.CrcBytes..]) == Crc(frame[..^FrameFormat.CrcBytes]);
    }

    /// <summary>Whether the frame, which <see cref="IsWhole"/>, was made for this position by someone who has the key.</summary>
    public bool IsGenuine(ReadOnlySpan<byte> frame, long position)
    {
        if (key is null) return true;
        Span<byte> expected = stackalloc byte[FrameFormat.TagBytes];
        Tag(frame[..(FrameFormat.HeaderBytes + frame[1])], position, expected);
        return CryptographicOperations.FixedTimeEquals(expected, frame.Slice(FrameFormat.HeaderBytes + frame[1], FrameFormat.TagBytes));
    }

    void Tag(ReadOnlySpan<byte> frame, long position, Span<byte> tag)
    {
        Span<byte> signed = stackalloc byte[Signed + FrameFormat.MaxPayload];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        frame[..2].CopyTo(signed);
        BinaryPrimitives.WriteInt64LittleEndian(signed[2..], position);
        frame[FrameFormat.HeaderBytes..].CopyTo(signed[Signed..]);
        HMACSHA256.HashData(key!, signed[..(Signed + frame.Length - FrameFormat.HeaderBytes)], hash);
        hash[..FrameFormat.TagBytes].CopyTo(tag);
    }

    uint Crc(ReadOnlySpan<byte> bytes) => ~StoreFormat.Crc32C(~salt, bytes);
}
