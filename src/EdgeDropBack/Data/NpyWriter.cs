using System.Buffers.Binary;
using System.Text;
using EdgeDropBack.Files;

namespace EdgeDropBack.Data;

/// <summary>Writes .npy version 1.0, byte for byte as numpy.save does.</summary>
static class NpyWriter
{
    const int Alignment = 64;
    const int PrefixLength = 10;

    /// <summary>Numpy leaves room for the first extent to grow to this many digits.</summary>
    const int GrowthDigits = 21;

    /// <summary>Replaces the file atomically.</summary>
    public static void Write(string path, NpyArray array) => AtomicFile.Write(path, stream => Write(stream, array));

    public static void Write(Stream stream, NpyArray array)
    {
        stream.Write(Header(array));
        stream.Write(array.Bytes);
    }

    static byte[] Header(NpyArray array)
    {
        var shape = string.Join(", ", array.Shape);
        var text = new StringBuilder($"{{'descr': '{array.Type.Descriptor()}', 'fortran_order': False, 'shape': ({shape}");
        text.Append(array.Shape.Length == 1 ? ",), }" : "), }");
        if (array.Shape.Length > 0)
            text.Append(' ', GrowthDigits - array.Shape[0].ToString(System.Globalization.CultureInfo.InvariantCulture).Length);
        text.Append(' ', Alignment - (PrefixLength + text.Length + 1) % Alignment).Append('\n');
        var header = new byte[PrefixLength + text.Length];
        header[0] = 0x93;
        "NUMPY\u0001\0"u8.CopyTo(header.AsSpan(1));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)text.Length);
        Encoding.Latin1.GetBytes(text.ToString(), header.AsSpan(PrefixLength));
        return header;
    }
}
