using System.Buffers.Binary;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Store;

/// <summary>One record of the TENS section.</summary>
readonly record struct StoreTensorRecord(ulong NameHash, long ElementCount, int Count, int NameLength, float ScoreScale, TensorBase Base)
{
    /// <summary>Larger tensors exist nowhere; the bound keeps sums of elements and tiles from overflowing.</summary>
    const long MaxElements = 1L << 46;

    internal static StoreTensorRecord[] ReadAll(ReadOnlySpan<byte> section, StoreSectionTable table)
    {
        if (section.Length % StoreFormat.TensorBytes != 0)
            throw table.Damaged(StoreFormat.Tensors, $"{section.Length} bytes, a multiple of {StoreFormat.TensorBytes} was expected");
        var records = new StoreTensorRecord[section.Length / StoreFormat.TensorBytes];
        for (int i = 0; i < records.Length; i++)
            records[i] = Read(section.Slice(i * StoreFormat.TensorBytes, StoreFormat.TensorBytes), table, i);
        return records;
    }

    static StoreTensorRecord Read(ReadOnlySpan<byte> bytes, StoreSectionTable table, int ordinal)
    {
        long elements = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]);
        if (elements is < 0 or > MaxElements || count < 0 || count > elements)
            throw table.Damaged(StoreFormat.Tensors, $"tensor {ordinal} tracks {count} of {elements} elements");
        if (bytes[36] > (byte)TensorBaseKind.Constant || bytes[37] > (byte)Distribution.Uniform)
            throw table.Damaged(StoreFormat.Tensors, $"tensor {ordinal} has base {bytes[36]} with distribution {bytes[37]}");
        var origin = new TensorBase(
            (TensorBaseKind)bytes[36],
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
            (Distribution)bytes[37],
            BinaryPrimitives.ReadSingleLittleEndian(bytes[28..]));
        return new StoreTensorRecord(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            elements,
            count,
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[38..]),
            BinaryPrimitives.ReadSingleLittleEndian(bytes[32..]),
            origin);
    }
}
