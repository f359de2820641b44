using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace EdgeDropBack.Store;

/// <summary>Constants of the file format, which <see cref="StoreReader"/> specifies.</summary>
static class StoreFormat
{
    internal const uint Version = 1;
    internal const int HeaderBytes = 32, TableEntryBytes = 24, Alignment = 8;
    internal const int TensorBytes = 40, NameBytesPerTensor = 24, NameBytesFree = 1024;
    internal const int VersionOffset = 8, SectionCountOffset = 12, FileLengthOffset = 16, HeaderCrcOffset = 24;

    internal const uint Meta = 0x4154454D, Tensors = 0x534E4554, Names = 0x454D414E, Tiles = 0x454C4954, Indices = 0x58444E49,
        Values = 0x554C4156, OptimizerState = 0x5354504F, RunningStatistics = 0x54534E42, Resume = 0x4D555352;

    /// <summary>The order sections stand in.</summary>
    internal static readonly uint[] Order =
        [Meta, Tensors, Names, Tiles, Indices, Values, OptimizerState, RunningStatistics, Resume];

    /// <summary>0x89 and the line ends show a transfer that altered bytes.</summary>
    internal static ReadOnlySpan<byte> Magic => [0x89, (byte)'E', (byte)'D', (byte)'B', 0x0D, 0x0A, 0x1A, 0x0A];

    internal static string TagName(uint tag)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, tag);
        return Encoding.ASCII.GetString(bytes);
    }

    internal static long Aligned(long length) => (length + Alignment - 1) & -Alignment;

    /// <summary>First 8 bytes of the SHA-256 of the UTF-8 name.</summary>
    internal static ulong NameHash(string name) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>CRC-32C (Castagnoli), continued over chunks; starts and ends without inversion.</summary>
    internal static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
