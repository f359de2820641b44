using System.Buffers.Binary;

namespace EdgeDropBack.Data;

/// <summary>The header of a BMP file. Its field for the file's size is ignored: many writers leave 0 or a wrong value there.</summary>
readonly record struct BmpFile(int Width, int Height, int BitsPerPixel, int Compression, int DataAt)
{
    const int Os2Header = 12, InfoHeader = 40, RunLength8 = 1, RunLength4 = 2, BitsAt = 28, CompressionAt = 30;

    public bool IsRunLength => Compression is RunLength8 or RunLength4;

    int Stride => (int)(((long)Width * BitsPerPixel + 31) / 32 * 4);

    /// <returns>Null, or why the file cannot be used.</returns>
    public static string? Read(ReadOnlySpan<byte> bytes, out BmpFile file)
    {
        file = default;
        if (bytes.Length < 26) return $"truncated after {bytes.Length} bytes";
        var header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]);
        if (header is not (Os2Header or InfoHeader or 52 or 56 or 108 or 124))
            return $"a BMP with a header of {header} bytes, which is not read; save it as PNG";
        if (bytes.Length < 14 + header) return $"truncated after {bytes.Length} bytes";
        var dataAt = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        if (dataAt < 14 + header || dataAt > bytes.Length) return $"damaged (BMP pixels at byte {dataAt})";
        file = header == Os2Header
            ? new(Word(bytes, 18), Word(bytes, 20), Word(bytes, 24), 0, (int)dataAt)
            : new(Number(bytes, 18), Number(bytes, 22), Word(bytes, BitsAt), Number(bytes, CompressionAt), (int)dataAt);
        if (file.Width <= 0 || file.Height is 0 or int.MinValue) return $"damaged (BMP of {file.Width}x{file.Height} pixels)";
        var isTopDown = file.Height < 0;
        if ((file.Compression, file.BitsPerPixel) is not ((0, 1 or 4 or 8 or 16 or 24 or 32) or (3, 16 or 32) or (RunLength8, 8) or (RunLength4, 4)))
            return $"a BMP of {file.BitsPerPixel} bits with compression {file.Compression}, which is not read; save it as PNG";
        if (file.IsRunLength && isTopDown) return "damaged (BMP with run lengths from top to bottom)";
        file = file with { Height = Math.Abs(file.Height) };
        return null;
    }

    /// <summary>Whether a file of so many bytes has all its pixels; with run lengths that shows when they are expanded.</summary>
    public bool IsWhole(int length) => IsRunLength || DataAt + (long)Stride * Height <= length;

    /// <summary>The file with its run lengths expanded to 8 bits a pixel; pixels that are stepped over are 0.</summary>
    /// <param name="bytes">A file whose size is within the limits.</param>
    /// <param name="expanded">The same image without compression.</param>
    /// <returns>Null, or why the file cannot be used.</returns>
    public string? Expand(ReadOnlySpan<byte> bytes, out byte[] expanded)
    {
        var plain = this with { Compression = 0, BitsPerPixel = 8 };
        expanded = new byte[DataAt + (long)plain.Stride * Height];
        bytes[..DataAt].CopyTo(expanded);
        BinaryPrimitives.WriteUInt16LittleEndian(expanded.AsSpan(BitsAt), 8);
        BinaryPrimitives.WriteInt32LittleEndian(expanded.AsSpan(CompressionAt), 0);
        var pixels = expanded.AsSpan(DataAt);
        var (x, y) = (0, 0);
        for (var at = DataAt; y < Height;)
        {
            if (at + 2 > bytes.Length) return $"truncated after {bytes.Length} bytes";
            var (count, value) = (bytes[at], bytes[at + 1]);
            at += 2;
            if (count > 0)
            {
                Copy(count, bytes.Slice(at - 1, 1), isRun: true, pixels, plain.Stride, y, ref x);
            }
            else if (value == 0)
            {
                (x, y) = (0, y + 1);
            }
            else if (value == 1)
            {
                return null;
            }
            else if (value == 2)
            {
                if (at + 2 > bytes.Length) return $"truncated after {bytes.Length} bytes";
                (x, y) = (x + bytes[at], y + bytes[at + 1]);
                at += 2;
            }
            else
            {
                var length = Compression == RunLength8 ? value : (value + 1) / 2;
                if (at + length > bytes.Length) return $"truncated after {bytes.Length} bytes";
                Copy(value, bytes.Slice(at, length), isRun: false, pixels, plain.Stride, y, ref x);
                at += (length + 1) & ~1;
            }
        }
        return null;
    }

    /// <summary>Pixels beyond the end of a row are left out.</summary>
    void Copy(int count, ReadOnlySpan<byte> source, bool isRun, Span<byte> pixels, int stride, int y, ref int x)
    {
        for (var i = 0; i < count; i++, x++)
        {
            if (x >= Width) continue;
            var value = Compression == RunLength8 ? source[isRun ? 0 : i] : source[isRun ? 0 : i / 2] >> ((i & 1) == 0 ? 4 : 0) & 15;
            pixels[y * stride + x] = (byte)value;
        }
    }

    static int Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    static int Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
}
