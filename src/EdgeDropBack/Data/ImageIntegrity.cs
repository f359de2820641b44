using System.Buffers.Binary;

namespace EdgeDropBack.Data;

/// <summary>
/// Finds truncated and damaged image files that a lenient decoder would fill with gray: walks each format's blocks to its end mark, without
/// decoding. PNG chunk checksums are verified.
/// </summary>
static class ImageIntegrity
{
    /// <returns>Null, or what is wrong.</returns>
    internal static string? Check(ReadOnlySpan<byte> bytes, bool isTga)
    {
        if (bytes.StartsWith("\u0089PNG\r\n\u001a\n"u8[1..]))
            return Png(bytes);
        if (bytes.StartsWith<byte>([0xFF, 0xD8]))
            return Jpeg(bytes);
        if (bytes.StartsWith("GIF8"u8))
            return Gif(bytes);
        if (bytes.StartsWith("BM"u8))
            return Bmp(bytes);
        return isTga ? Tga(bytes) : "not a PNG, JPEG, BMP, TGA or GIF image";
    }

    static string? Png(ReadOnlySpan<byte> bytes)
    {
        var at = 8;
        while (at + 12 <= bytes.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - 12)
                break;
            var body = bytes.Slice(at + 4, (int)length + 4);
            at += (int)length + 8;
            if (BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) != Crc32.Append(0, body))
                return $"damaged (PNG checksum before byte {at})";
            at += 4;
            if (body.StartsWith("IEND"u8))
                return null;
        }
        return Truncated(bytes);
    }

    static string? Jpeg(ReadOnlySpan<byte> bytes)
    {
        var at = 2;
        while (at + 1 < bytes.Length)
        {
            if (bytes[at] != 0xFF)
            {
                at++;
                continue;
            }
            var marker = bytes[at + 1];
            if (marker == 0xD9)
                return null;
            if (marker == 0xFF)
                at++;
            else if (marker is 0 or 1 or (>= 0xD0 and <= 0xD8))
                at += 2;
            else
                at += 2 + (at + 4 <= bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]) : 2);
        }
        return Truncated(bytes);
    }

    static string? Gif(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 13)
            return Truncated(bytes);
        var at = 13 + ColorTable(bytes[10]);
        while (at + 10 < bytes.Length)
        {
            var image = bytes[at] == 0x2C;
            if (!image && bytes[at] != 0x21)
                return bytes[at] == 0x3B ? "the GIF has no image" : $"damaged (GIF block at byte {at})";
            at += image ? 11 + ColorTable(bytes[at + 9]) : 2;
            while (at < bytes.Length && bytes[at] != 0)
                at += 1 + bytes[at];
            if (at >= bytes.Length)
                break;
            if (image)
                return null;
            at++;
        }
        return Truncated(bytes);
    }

    static int ColorTable(byte flags) => (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;

    static string? Bmp(ReadOnlySpan<byte> bytes) =>
        bytes.Length < 26 || BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]) > bytes.Length ? Truncated(bytes) : null;

    static string? Tga(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 18)
            return Truncated(bytes);
        var at = 18L + bytes[0] + (bytes[1] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[5..]) * ((bytes[7] + 7) / 8) : 0);
        var size = (bytes[16] + 7) / 8;
        var left = (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]) * BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        if (bytes[2] < 9)
            return at + left * size > bytes.Length ? Truncated(bytes) : null;
        while (left > 0 && at < bytes.Length)
        {
            var run = (bytes[(int)at] & 127) + 1;
            at += 1 + (bytes[(int)at] > 127 ? size : (long)run * size);
            left -= run;
        }
        return left > 0 || at > bytes.Length ? Truncated(bytes) : null;
    }

    static string Truncated(ReadOnlySpan<byte> bytes) => $"truncated after {bytes.Length} bytes";
}
