using System.Runtime.InteropServices;
using System.Text;

namespace EdgeDropBack.Native;

/// <summary>What callers hand over, checked: a null pointer or a negative count is a wrong argument, by name.</summary>
static class Arguments
{
    const int MaxOptions = 1000;

    public static nint Required(nint pointer, string name) => pointer != 0 ? pointer : throw EdbException.Usage($"{name} is a null pointer");

    public static string Text(nint pointer, string name) => Marshal.PtrToStringUTF8(Required(pointer, name))!;

    /// <summary>A count that an array of ours can have.</summary>
    public static int Count(long count, string name) => count is >= 0 and <= int.MaxValue
        ? (int)count
        : throw EdbException.Usage($"{name} is {count}, expected 0 to {int.MaxValue}");

    public static string[] Words(nint options, int count)
    {
        if (count is < 0 or > MaxOptions) throw EdbException.Usage($"count is {count}, expected 0 to {MaxOptions} words of options");
        if (count > 0) Required(options, "options");
        var words = new string[count];
        for (var i = 0; i < count; i++) words[i] = Text(Marshal.ReadIntPtr(options, i * nint.Size), $"options[{i}]");
        return words;
    }

    public static void Write(nint pointer, int value)
    {
        if (pointer != 0) Marshal.WriteInt32(pointer, value);
    }

    public static void Write(nint pointer, long value)
    {
        if (pointer != 0) Marshal.WriteInt64(pointer, value);
    }

    public static void Write(nint pointer, double value)
    {
        if (pointer != 0) Marshal.WriteInt64(pointer, BitConverter.DoubleToInt64Bits(value));
    }

    /// <summary>64 digits and a zero byte.</summary>
    public static void WriteSha256(nint pointer, string sha256)
    {
        if (pointer == 0) return;
        byte[] bytes = [.. Encoding.ASCII.GetBytes(sha256), 0];
        Marshal.Copy(bytes, 0, pointer, bytes.Length);
    }
}
