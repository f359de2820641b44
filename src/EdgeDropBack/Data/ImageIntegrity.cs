using System.Buffers.Binary;

namespace EdgeDropBack.Data;

/// <summary>
/// Finds truncated and damaged image files that a lenient decoder would fill with gray: walks each format's blocks to its end mark, without
/// decoding. PNG chunk checksums are verified.
/// </summary>
static class ImageIntegrity
{
    /// <param name="lacksEnd">The image is there, but not the mark of its end; whether all of it is there shows in decoding.</param>
    /// <param name="orientation">As in EXIF, 1 to 8.</param>
    /// <returns>Null, or what is wrong.</returns>
    internal static string? Check(ReadOnlySpan<byte> bytes, bool isTga, out int orientation, out bool lacksEnd)
    {
        (orientation, lacksEnd) = (1, false);
        if (bytes.StartsWith("\u0089PNG\r\n\u001a\n"u8[1..]))
            return Png(bytes, out orientation);
        if (bytes.StartsWith<byte>([0xFF, 0xD8]))
        {
            var reason = JpegFile.Read(bytes, out var jpeg);
            (orientation, lacksEnd) = (jpeg.Orientation, jpeg.LacksEnd);
            return reason;
        }
        if (bytes.StartsWith("GIF8"u8))
            return Gif(bytes);
        if (bytes.StartsWith("BM"u8))
            return BmpFile.Read(bytes, out _);
        if (OtherFormat(bytes) is { } format)
            return $"{format}, which is not read; convert it to JPEG or PNG";
        if (!isTga)
            return $"not a {ImageDecoder.Formats} image";
        if (bytes.Length > 17 && (bytes[17] & 0x10) != 0)
            orientation = 2;
        return Tga(bytes);
    }

    /// <summary>Formats that users have and that are not read; null for what is none of them.</summary>
    static string? OtherFormat(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("RIFF"u8) && bytes.Length >= 12)
            return bytes[8..].StartsWith("WEBP"u8) ? "a WebP image" : bytes[8..].StartsWith("WAVE"u8) ? "a WAV recording" : null;
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8))
            return "a TIFF or raw image";
        if (bytes.StartsWith<byte>([0, 0, 0, 12]) && bytes[4..].StartsWith("JXL "u8) || bytes.StartsWith<byte>([0xFF, 0x0A]))
            return "a JPEG XL image";
        if (bytes.StartsWith<byte>([0, 0, 0, 12]) && bytes[4..].StartsWith("jP  "u8) || bytes.StartsWith<byte>([0xFF, 0x4F, 0xFF, 0x51]))
            return "a JPEG 2000 image";
        if (bytes.StartsWith("%PDF"u8))
            return "a PDF document";
        if (bytes.Length < 12 || !bytes[4..].StartsWith("ftyp"u8))
            return null;
        return bytes[8..].StartsWith("avi"u8) ? "an AVIF image" : bytes[8..].StartsWith("he"u8) || bytes[8..].StartsWith("mif1"u8) || bytes[8..].StartsWith("msf1"u8)
            ? "a HEIC image" : "a video";
    }

    static string? Png(ReadOnlySpan<byte> bytes, out int orientation)
    {
        orientation = 1;
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
            if (body.StartsWith("eXIf"u8))
                orientation = Exif.Orientation(body[4..]);
            if (body.StartsWith("IEND"u8))
                return null;
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
