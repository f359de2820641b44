using System.Buffers.Binary;

namespace EdgeDropBack.Data;

/// <summary>
/// Reads IDX (the MNIST family), gzipped or not: 2 zero bytes, element type, number of axes, a big-endian 32-bit extent for each,
/// big-endian data.
/// </summary>
static class IdxFile
{
    /// <summary>Reads a file; refuses what is truncated or larger than the cap.</summary>
    public static NpyArray Read(string path, long maxBytes = DataLimits.MaxArrayBytes)
    {
        using var stream = DataFile.OpenMaybeGzip(path, out var available);
        Span<byte> head = stackalloc byte[4];
        BoundedReader.Fill(stream, head, path, "the IDX header");
        if (head[0] != 0 || head[1] != 0)
            throw EdbException.Refused($"{Printable.Name(path)}: not an IDX file (it starts with {head[0]:x2}{head[1]:x2}, expected "
                + "0000); check the path");
        var type = head[2] switch
        {
            0x08 => NpyType.UInt8,
            0x09 => NpyType.Int8,
            0x0B => NpyType.Int16,
            0x0C => NpyType.Int32,
            0x0D => NpyType.Float32,
            0x0E => NpyType.Float64,
            _ => throw EdbException.Refused($"{Printable.Name(path)}: IDX element type 0x{head[2]:x2} is unknown; write the file again"),
        };
        var rank = head[3];
        if (rank is 0 or > DataLimits.MaxRank)
            throw EdbException.Refused($"{Printable.Name(path)}: {rank} IDX axes, expected 1 to {DataLimits.MaxRank}; write the file "
                + "again");
        Span<byte> extents = stackalloc byte[4 * rank];
        BoundedReader.Fill(stream, extents, path, "the IDX extents");
        var shape = new int[rank];
        Int128 bytes = type.Size();
        for (var axis = 0; axis < rank; axis++)
        {
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(extents[(4 * axis)..]);
            bytes *= shape[axis];
            if (shape[axis] < 0 || bytes > long.MaxValue)
                throw EdbException.Refused($"{Printable.Name(path)}: IDX axis {axis} is not possible ({shape[axis]}); write the file "
                    + "again");
        }
        var data = BoundedReader.ReadBlock(stream, (long)bytes, Math.Max(0, available - 4 - 4 * rank), maxBytes, path);
        BoundedReader.ExpectEnd(stream, path);
        if (type.Size() > 1)
            ElementOrder.Swap(data, type.Size());
        return new NpyArray(type, shape, data);
    }
}
