namespace EdgeDropBack.Data;

/// <summary>Reads that never allocate more than a file can hold, and never return less than was asked.</summary>
static class BoundedReader
{
    /// <summary>Fills the span or refuses with expected and actual bytes.</summary>
    internal static void Fill(Stream stream, Span<byte> destination, string name, string part)
    {
        var got = Read(stream, destination, name);
        if (got < destination.Length)
            throw Truncated(name, part, destination.Length, got);
    }

    /// <summary>Reads exactly the given bytes into a new array, refused first where the source cannot hold them.</summary>
    /// <param name="stream">Plain or decompressing.</param>
    /// <param name="bytes">Expected.</param>
    /// <param name="available">The most the rest of the stream can yield.</param>
    /// <param name="maxBytes">The cap.</param>
    /// <param name="name">File (and entry) for messages.</param>
    internal static byte[] ReadBlock(Stream stream, long bytes, long available, long maxBytes, string name)
    {
        maxBytes = Math.Min(maxBytes, Array.MaxLength);
        if (bytes > maxBytes)
            throw EdbException.Refused($"{Printable.Name(name)}: {bytes} bytes of data, the limit is {maxBytes}; use fewer or smaller "
                + "samples");
        if (bytes > available)
            throw Truncated(name, "the data", bytes, available);
        var block = GC.AllocateUninitializedArray<byte>((int)bytes);
        Fill(stream, block, name, "the data");
        return block;
    }

    /// <summary>Refuses bytes after the end that the header gave.</summary>
    internal static void ExpectEnd(Stream stream, string name)
    {
        Span<byte> one = stackalloc byte[1];
        if (Read(stream, one, name) != 0)
            throw EdbException.Refused($"{Printable.Name(name)}: more bytes follow than its header says; write the file again");
    }

    internal static EdbException Truncated(string name, string part, long expected, long actual) => EdbException.Refused(
        $"{Printable.Name(name)}: truncated, {part} needs {expected} bytes, at most {actual} are there; copy or write the file again");

    static int Read(Stream stream, Span<byte> destination, string name)
    {
        try
        {
            return stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw EdbException.Refused($"{Printable.Name(name)}: the compressed data is damaged; copy or write the file again", e);
        }
    }
}
