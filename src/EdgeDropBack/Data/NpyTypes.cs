namespace EdgeDropBack.Data;

/// <summary>Sizes, numpy descriptors and conversions of <see cref="NpyType"/>.</summary>
static class NpyTypes
{
    static readonly (NpyType Type, int Size, string Descriptor)[] s_types =
    [
        (NpyType.Bool, 1, "|b1"), (NpyType.UInt8, 1, "|u1"), (NpyType.Int8, 1, "|i1"),
        (NpyType.UInt16, 2, "<u2"), (NpyType.Int16, 2, "<i2"), (NpyType.UInt32, 4, "<u4"), (NpyType.Int32, 4, "<i4"),
        (NpyType.UInt64, 8, "<u8"), (NpyType.Int64, 8, "<i8"),
        (NpyType.Float16, 2, "<f2"), (NpyType.Float32, 4, "<f4"), (NpyType.Float64, 8, "<f8"),
    ];

    /// <summary>Bytes of one element.</summary>
    public static int Size(this NpyType type) => s_types[(int)type].Size;

    /// <summary>The little-endian numpy descriptor, such as <c>&lt;f4</c>.</summary>
    public static string Descriptor(this NpyType type) => s_types[(int)type].Descriptor;

    public static bool IsInteger(this NpyType type) => type < NpyType.Float16;

    /// <summary>Finds a type by numpy descriptor; <c>&lt;</c>, <c>&gt;</c>, <c>|</c> and <c>=</c> are taken as byte order.</summary>
    public static bool TryParse(string descriptor, out NpyType type, out bool bigEndian)
    {
        type = default;
        bigEndian = descriptor.Length > 0 && descriptor[0] == '>';
        if (descriptor.Length != 3 || descriptor[0] is not ('<' or '>' or '|' or '='))
            return false;
        foreach (var known in s_types)
            if (known.Descriptor.AsSpan(1).SequenceEqual(descriptor.AsSpan(1)))
            {
                type = known.Type;
                return true;
            }
        return false;
    }
}
