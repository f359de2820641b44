using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeDropBack.Store;

/// <summary>Reads the sections of variable-length items: NAME, BNST and RSUM.</summary>
static class StoreBlocks
{
    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string[] ReadNames(StoreSectionTable table, StoreTensorRecord[] tensors)
    {
        if (!table.Has(StoreFormat.Names))
            return Array.ConvertAll(tensors, tensor => $"#{tensor.NameHash:x16}");
        ReadOnlySpan<byte> rest = table.ReadBytes(StoreFormat.Names);
        string[] names = new string[tensors.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Text(Take(ref rest, tensors[i].NameLength, table, StoreFormat.Names), table, StoreFormat.Names);
            if (StoreFormat.NameHash(names[i]) != tensors[i].NameHash)
                throw table.Damaged(StoreFormat.Names, $"'{names[i]}' is not the name of tensor {i}");
        }

        return rest.IsEmpty ? names : throw table.Damaged(StoreFormat.Names, $"{rest.Length} bytes are left over");
    }

    internal static RunningStatistics[] ReadStatistics(StoreSectionTable table)
    {
        const uint Tag = StoreFormat.RunningStatistics;
        ReadOnlySpan<byte> rest = table.ReadBytes(Tag);
        List<RunningStatistics> statistics = [];
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> lengths = Take(ref rest, 8, table, Tag);
            string name = Text(Take(ref rest, BinaryPrimitives.ReadInt32LittleEndian(lengths), table, Tag), table, Tag);
            long bytes = 4L * BinaryPrimitives.ReadInt32LittleEndian(lengths[4..]);
            statistics.Add(new(name, MemoryMarshal.Cast<byte, float>(Take(ref rest, bytes, table, Tag)).ToArray()));
        }

        return [.. statistics];
    }

    internal static ResumeBlock[] ReadResume(StoreSectionTable table)
    {
        const uint Tag = StoreFormat.Resume;
        ReadOnlySpan<byte> rest = table.ReadBytes(Tag);
        List<ResumeBlock> blocks = [];
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> head = Take(ref rest, 16, table, Tag);
            string tag = Encoding.ASCII.GetString(head[..8].TrimEnd((byte)0));
            if (tag.Length == 0 || !tag.All(char.IsAsciiLetterOrDigit))
                throw table.Damaged(Tag, $"'{Convert.ToHexString(head[..8])}' is no tag");
            blocks.Add(new(tag, Take(ref rest, BinaryPrimitives.ReadInt64LittleEndian(head[8..]), table, Tag).ToArray()));
        }

        return [.. blocks];
    }

    static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, long length, StoreSectionTable table, uint tag)
    {
        if (length < 0 || length > rest.Length)
            throw table.Damaged(tag, $"an item of {length} bytes has only {rest.Length} left");
        ReadOnlySpan<byte> taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    static string Text(ReadOnlySpan<byte> bytes, StoreSectionTable table, uint tag)
    {
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (ArgumentException)
        {
            throw table.Damaged(tag, "a name is not UTF-8");
        }
    }
}
