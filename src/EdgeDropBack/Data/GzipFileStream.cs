using System.Buffers.Binary;
using System.IO.Compression;

namespace EdgeDropBack.Data;

/// <summary>
/// Decompresses a gzip file of one member (RFC 1952) and, at its end, checks length and CRC-32 against the file's last 8 bytes: GZipStream
/// takes
/// a cut file for a short one.
/// </summary>
sealed class GzipFileStream : Crc32Stream
{
    const int TrailerLength = 8;

    readonly string _name;
    readonly uint _crc;
    readonly uint _length;

    internal GzipFileStream(FileStream file, string path)
        : base(new GZipStream(file, CompressionMode.Decompress))
    {
        _name = Printable.Name(path);
        Span<byte> trailer = stackalloc byte[TrailerLength];
        if (file.Length < TrailerLength)
            throw BoundedReader.Truncated(path, "a gzip file", TrailerLength, file.Length);
        file.Position = file.Length - TrailerLength;
        BoundedReader.Fill(file, trailer, path, "the gzip trailer");
        file.Position = 0;
        _crc = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        _length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = base.Read(buffer);
        if (read == 0 && buffer.Length > 0 && (Value != _crc || (uint)Count != _length))
            throw EdbException.Refused(
                $"{_name}: gzip gave {Count} bytes, its trailer says {_length} (CRC {Value:x8}, expected {_crc:x8}): "
                + "truncated, damaged, or several members; copy it again, or unpack it first");
        return read;
    }
}
