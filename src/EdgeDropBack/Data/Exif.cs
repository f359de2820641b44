using System.Buffers.Binary;

namespace EdgeDropBack.Data;

/// <summary>
/// The orientation in EXIF data: a TIFF header ("II" or "MM", 42, offset of the first directory), and there entries of 12 bytes: tag, type,
/// count, value. Only the first directory is read; what lies outside the data or has another type counts as upright.
/// </summary>
static class Exif
{
    const int HeaderLength = 8, EntryLength = 12, OrientationTag = 0x0112, Short = 3, Long = 4;

    /// <returns>1 to 8; 1, upright, where there is none or the data is damaged.</returns>
    public static int Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < HeaderLength) return 1;
        var isLittle = tiff.StartsWith("II"u8);
        if (!isLittle && !tiff.StartsWith("MM"u8)) return 1;
        if (Word(tiff[2..], isLittle) != 42) return 1;
        var directory = DoubleWord(tiff[4..], isLittle);
        if (directory > tiff.Length - 2) return 1;
        var entries = tiff[((int)directory + 2)..];
        var count = Math.Min(Word(tiff[(int)directory..], isLittle), entries.Length / EntryLength);
        for (var i = 0; i < count; i++)
        {
            var entry = entries.Slice(i * EntryLength, EntryLength);
            if (Word(entry, isLittle) != OrientationTag) continue;
            var value = Word(entry[2..], isLittle) switch
            {
                Short => (uint)Word(entry[8..], isLittle),
                Long => DoubleWord(entry[8..], isLittle),
                _ => 1u,
            };
            return DoubleWord(entry[4..], isLittle) == 1 && value is >= 1 and <= 8 ? (int)value : 1;
        }
        return 1;
    }

    static int Word(ReadOnlySpan<byte> bytes, bool isLittle)
        => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    static uint DoubleWord(ReadOnlySpan<byte> bytes, bool isLittle)
        => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
