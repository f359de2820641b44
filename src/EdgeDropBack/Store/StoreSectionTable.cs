using System.Buffers.Binary;

namespace EdgeDropBack.Store;

/// <summary>
/// Header and section table of a store file, and its sections by tag; everything read is checked against its CRC. Errors about
/// damage, for which an older generation is a remedy, carry an <see cref="InvalidDataException"/>.
/// </summary>
sealed class StoreSectionTable(Stream stream, string path)
{
    readonly Dictionary<uint, (uint Crc, long Offset, long Length)> _sections = [];

    internal bool Has(uint tag) => _sections.ContainsKey(tag);

    internal void Read(int maxSections)
    {
        Span<byte> header = stackalloc byte[StoreFormat.HeaderBytes + (StoreFormat.TableEntryBytes * maxSections)];
        if (stream.Length < StoreFormat.HeaderBytes)
            throw Short(StoreFormat.HeaderBytes);
        stream.ReadExactly(header[..StoreFormat.HeaderBytes]);
        if (!header.StartsWith(StoreFormat.Magic))
            throw EdbException.Refused($"'{path}' is not a store: it starts with {Convert.ToHexString(header[..8])}, "
                + $"{Convert.ToHexString(StoreFormat.Magic)} was expected; check the path", new InvalidDataException("magic"));
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[StoreFormat.VersionOffset..]);
        if (version != StoreFormat.Version)
            throw EdbException.Refused($"store '{path}' has format version {version}, this edb reads {StoreFormat.Version}; "
                + $"use the edb that wrote it, or {WayBack.From(path)}");
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(header[StoreFormat.SectionCountOffset..]);
        if (count > maxSections)
            throw Damaged("header", $"{count} sections, at most {maxSections} were expected");
        header = header[..(StoreFormat.HeaderBytes + (StoreFormat.TableEntryBytes * (int)count))];
        long fileLength = BinaryPrimitives.ReadInt64LittleEndian(header[StoreFormat.FileLengthOffset..]);
        if (stream.Length < header.Length)
            throw Short(fileLength);
        stream.ReadExactly(header[StoreFormat.HeaderBytes..]);
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(header[StoreFormat.HeaderCrcOffset..]);
        header.Slice(StoreFormat.HeaderCrcOffset, sizeof(uint)).Clear();
        if (crc != ~StoreFormat.Crc32C(uint.MaxValue, header))
            throw Damaged("header", "its CRC does not match");
        if (stream.Length < fileLength)
            throw Short(fileLength);
        if (stream.Length > fileLength)
            throw Damaged("header", $"the file has {stream.Length} bytes, {fileLength} were expected");
        ReadTable(header[StoreFormat.HeaderBytes..], header.Length, fileLength);
    }

    /// <summary>Requires a section of <paramref name="items"/> x <paramref name="itemBytes"/> bytes.</summary>
    internal void RequireLength(uint tag, long items, int itemBytes)
    {
        long length = Section(tag).Length;
        if (length / itemBytes != items || length % itemBytes != 0)
            throw Damaged(tag, $"it has {length} bytes, {items} x {itemBytes} were expected");
    }

    internal byte[] ReadBytes(uint tag)
    {
        byte[] bytes = new byte[Section(tag).Length];
        ReadInto(tag, bytes);
        return bytes;
    }

    internal void ReadInto(uint tag, Span<byte> bytes)
    {
        (uint crc, long offset, long length) = Section(tag);
        stream.Position = offset;
        stream.ReadExactly(bytes);
        if (crc != ~StoreFormat.Crc32C(uint.MaxValue, bytes))
            throw Damaged(tag, "its CRC does not match");
        Span<byte> padding = stackalloc byte[StoreFormat.Alignment];
        padding = padding[..(int)(StoreFormat.Aligned(length) - length)];
        stream.ReadExactly(padding);
        if (padding.ContainsAnyExcept((byte)0))
            throw Damaged(tag, "the bytes behind it are not zero");
    }

    internal EdbException Damaged(uint tag, string what) => Damaged($"section {StoreFormat.TagName(tag)}", what);

    void ReadTable(ReadOnlySpan<byte> table, long offset, long fileLength)
    {
        int order = -1;
        for (; table.Length > 0; table = table[StoreFormat.TableEntryBytes..])
        {
            uint tag = BinaryPrimitives.ReadUInt32LittleEndian(table);
            int place = Array.IndexOf(StoreFormat.Order, tag);
            if (place <= order)
                throw Damaged("header", $"the section table has tag {tag:X8} where it cannot stand");
            long length = BinaryPrimitives.ReadInt64LittleEndian(table[16..]);
            if (BinaryPrimitives.ReadInt64LittleEndian(table[8..]) != offset || length < 0 || length > fileLength - offset)
                throw Damaged(tag, $"its {length} bytes at {BinaryPrimitives.ReadInt64LittleEndian(table[8..])} do not fit the file");
            _sections.Add(tag, (BinaryPrimitives.ReadUInt32LittleEndian(table[4..]), offset, length));
            offset = StoreFormat.Aligned(offset + length);
            order = place;
        }

        if (offset != fileLength)
            throw Damaged("header", $"its sections end at {offset}, the file at {fileLength}");
    }

    (uint Crc, long Offset, long Length) Section(uint tag)
    {
        if (!_sections.TryGetValue(tag, out (uint Crc, long Offset, long Length) section))
            throw Damaged(tag, "it is missing");
        return section.Length <= Array.MaxLength ? section : throw Damaged(tag, $"{section.Length} bytes are more than can be read");
    }

    EdbException Damaged(string part, string what) =>
        EdbException.Refused($"store '{path}' is damaged, {part}: {what}; {WayBack.From(path)}",
            new InvalidDataException(what));

    EdbException Short(long expected) =>
        EdbException.Refused($"store '{path}' is cut short: {stream.Length} bytes, {expected} were expected; "
            + WayBack.From(path), new InvalidDataException("cut short"));
}
