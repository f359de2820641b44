using System.Buffers.Binary;

namespace EdgeDropBack.Data;

/// <summary>
/// Reads .npy: "\x93NUMPY", major and minor version, header length (2 bytes in version 1, 4 in 2 and 3), header, data.
/// Big-endian and Fortran-order arrays come out little-endian and row-major.
/// </summary>
static class NpyReader
{
    static ReadOnlySpan<byte> MagicTail => "NUMPY"u8;

    /// <summary>Reads a file; refuses what is truncated, larger than the cap, or of a type that holds no numbers.</summary>
    public static NpyArray Read(string path, long maxBytes = DataLimits.MaxArrayBytes)
    {
        using var stream = DataFile.Open(path);
        return Read(stream, path, stream.Length, maxBytes);
    }

    /// <param name="stream">At the magic; read to its end.</param>
    /// <param name="name">File (and entry) for messages.</param>
    /// <param name="available">The most bytes the stream can yield.</param>
    /// <param name="maxBytes">The cap on the data.</param>
    internal static NpyArray Read(Stream stream, string name, long available, long maxBytes)
    {
        Span<byte> prefix = stackalloc byte[12];
        BoundedReader.Fill(stream, prefix[..8], name, "the .npy prefix");
        if (prefix[0] != 0x93 || !prefix[1..6].SequenceEqual(MagicTail))
            throw EdbException.Refused($"{Printable.Name(name)}: not an .npy array (no NUMPY magic); save it with numpy.save");
        var lengthBytes = prefix[6] switch
        {
            1 => 2,
            2 or 3 => 4,
            _ => throw EdbException.Refused($"{Printable.Name(name)}: .npy version {prefix[6]}, known are 1 to 3; save it with a "
                + "released numpy"),
        };
        BoundedReader.Fill(stream, prefix[8..(8 + lengthBytes)], name, "the .npy prefix");
        var headerLength = lengthBytes == 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        if (headerLength > DataLimits.MaxNpyHeaderBytes)
            throw EdbException.Refused(
                $"{Printable.Name(name)}: an .npy header of {headerLength} bytes, the limit is {DataLimits.MaxNpyHeaderBytes}; save "
                + "the array again");
        var text = new byte[headerLength];
        BoundedReader.Fill(stream, text, name, "the .npy header");
        var header = NpyHeader.Parse(text, name);
        var left = Math.Max(0, available - 8 - lengthBytes - headerLength);
        var bytes = BoundedReader.ReadBlock(stream, DataBytes(header, name), left, maxBytes, name);
        BoundedReader.ExpectEnd(stream, name);
        var size = header.Type.Size();
        if (header.BigEndian && size > 1)
            ElementOrder.Swap(bytes, size);
        if (header.FortranOrder && header.Shape.Length > 1)
            bytes = ElementOrder.FortranToRowMajor(bytes, size, header.Shape);
        return new NpyArray(header.Type, header.Shape, bytes);
    }

    static long DataBytes(NpyHeader header, string name)
    {
        Int128 bytes = header.Type.Size();
        foreach (var extent in header.Shape)
        {
            bytes *= extent;
            if (bytes > long.MaxValue)
                throw EdbException.Refused(
                    $"{Printable.Name(name)}: shape {Printable.Shape(header.Shape)} is larger than any file; save the array again");
        }
        return (long)bytes;
    }
}
