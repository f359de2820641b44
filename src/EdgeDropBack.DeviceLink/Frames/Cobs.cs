namespace EdgeDropBack.DeviceLink;

/// <summary>Consistent Overhead Byte Stuffing (Cheshire and Baker, 1999): bytes without a zero, so that a zero ends a frame.</summary>
static class Cobs
{
    public const byte Delimiter = 0;

    const byte FullRun = 0xFF;

    /// <summary>Most bytes that <see cref="Encode"/> makes of <paramref name="length"/> bytes, without the delimiter.</summary>
    public static int MaxEncoded(int length) => length + length / (FullRun - 1) + 1;

    /// <returns>Bytes written; no delimiter is added.</returns>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var (code, at) = (0, 1);
        foreach (var value in source)
        {
            if (value != Delimiter) destination[at++] = value;
            if (value != Delimiter && at - code < FullRun) continue;
            destination[code] = (byte)(at - code);
            code = at++;
        }
        destination[code] = (byte)(at - code);
        return at;
    }

    /// <param name="source">One frame without its delimiter.</param>
    /// <param name="destination">At least as long as <paramref name="source"/>.</param>
    /// <returns>Bytes written, or -1 for what no encoder makes.</returns>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        for (var i = 0; i < source.Length;)
        {
            var code = source[i++];
            if (code == Delimiter || code - 1 > source.Length - i) return -1;
            source.Slice(i, code - 1).CopyTo(destination[written..]);
            (i, written) = (i + code - 1, written + code - 1);
            if (code != FullRun && i < source.Length) destination[written++] = Delimiter;
        }
        return written;
    }
}
