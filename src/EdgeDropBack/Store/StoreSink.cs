using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeDropBack.Store;

/// <summary>Takes a section's bytes: measures and checks them, and writes and hashes them when it has a stream.</summary>
sealed class StoreSink(Stream? stream, IncrementalHash? hash)
{
    uint _crc = uint.MaxValue;

    internal long Length { get; private set; }

    internal uint Crc => ~_crc;

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        if (stream is null)
        {
            _crc = StoreFormat.Crc32C(_crc, bytes);
            return;
        }

        stream.Write(bytes);
        hash!.AppendData(bytes);
    }

    internal void Write<T>(ReadOnlySpan<T> numbers) where T : unmanaged => Write(MemoryMarshal.AsBytes(numbers));
}
