namespace EdgeDropBack.DeviceLink;

/// <summary>Sizes of a frame's parts; PROTOCOL.md has the picture.</summary>
static class FrameFormat
{
    public const int HeaderBytes = 4, CrcBytes = 4, TagBytes = 8, MaxPayload = 240;

    public const int MaxBytes = HeaderBytes + MaxPayload + TagBytes + CrcBytes;

    /// <summary>Encoded, with the delimiters around it.</summary>
    public static int MaxEncoded { get; } = Cobs.MaxEncoded(MaxBytes) + 2;

    /// <summary>Bytes on the line beside the payload: header, checksum, COBS code and delimiter.</summary>
    public const int Overhead = HeaderBytes + CrcBytes + 2;

    /// <summary>The position nearest to <paramref name="reference"/> whose low 16 bits are <paramref name="low"/>.</summary>
    public static long Nearest(long reference, ushort low) => reference + (short)(low - (ushort)reference);
}
