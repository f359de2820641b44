using System.Buffers.Binary;
using System.Text;

namespace EdgeDropBack.Data;

/// <summary>The format and the samples of a RIFF, RF64 or BW64 file.</summary>
/// <remarks>
/// "RIFF", length, "WAVE", then chunks: a name of four letters, a length, that many bytes and one more where they are odd. RF64 and BW64 keep
/// the length of "data" as 64 bits at 8 in "ds64", and 0xFFFFFFFF in its place. A recorder that cannot seek leaves a placeholder there (0,
/// 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF): whatever exceeds the file, and 0 with bytes behind it that are no chunks, means all the
/// rest of the file. Chunks behind samples of unknown length cannot be told from samples and are read as such.
/// </remarks>
readonly ref struct WavChunks
{
    const int FirstChunk = 12, Header = 8, DataLengthAt = 8;

    public ReadOnlySpan<byte> Format { get; private init; }

    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>The samples were read to the end of the file, whatever the header says.</summary>
    public bool HasWrongLength { get; private init; }

    /// <returns>Null, or why the file cannot be used.</returns>
    public static string? Find(ReadOnlySpan<byte> file, out WavChunks chunks)
    {
        chunks = default;
        var is64 = file.StartsWith("RF64"u8) || file.StartsWith("BW64"u8);
        if (file.Length < FirstChunk || !(is64 || file.StartsWith("RIFF"u8)) || !file[8..].StartsWith("WAVE"u8)) return NotWav(file);
        var format = default(ReadOnlySpan<byte>);
        var dataLength64 = ulong.MaxValue;
        for (var at = FirstChunk; at + Header <= file.Length;)
        {
            var name = file.Slice(at, 4);
            var length = Length(file, at);
            var rest = file[(at + Header)..];
            if (name.SequenceEqual("data"u8))
            {
                var declared = is64 && length == uint.MaxValue ? dataLength64 : length;
                var isWrong = declared > (uint)rest.Length || (declared == 0 && !rest.IsEmpty && !AreChunks(rest));
                if (format.IsEmpty) return "the samples come before their format";
                chunks = new() { Format = format, Data = isWrong ? rest : rest[..(int)declared], HasWrongLength = isWrong };
                return null;
            }
            if (length > rest.Length) return $"cut short: chunk '{Name(name)}' has {length} bytes, {rest.Length} are there";
            if (name.SequenceEqual("fmt "u8)) format = rest[..(int)length];
            if (name.SequenceEqual("ds64"u8) && length >= DataLengthAt + 8) dataLength64 = BinaryPrimitives.ReadUInt64LittleEndian(rest[DataLengthAt..]);
            at = Next(file, at, (int)length);
        }
        return "cut short: no samples";
    }

    /// <summary>Behind a chunk of odd length is a byte of padding, which some writers leave out: there a name of letters begins at once.</summary>
    static int Next(ReadOnlySpan<byte> file, int at, int length)
    {
        var end = at + Header + length;
        return (length & 1) == 0 || (end + Header <= file.Length && file[end] != 0 && IsName(file.Slice(end, 4))) ? end : end + 1;
    }

    /// <summary>Whether bytes are chunks up to their end.</summary>
    static bool AreChunks(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at + Header <= bytes.Length)
        {
            if (!IsName(bytes.Slice(at, 4)) || Length(bytes, at) > bytes.Length - at - Header) return false;
            at = Next(bytes, at, (int)Length(bytes, at));
        }
        return at >= bytes.Length;
    }

    static bool IsName(ReadOnlySpan<byte> name) => name.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;

    static uint Length(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);

    static string Name(ReadOnlySpan<byte> name) => Printable.Name(Encoding.Latin1.GetString(name));

    static string NotWav(ReadOnlySpan<byte> file)
    {
        var kind = file.StartsWith("OggS"u8) ? "Ogg" : file.StartsWith("fLaC"u8) ? "FLAC" : file.StartsWith("ID3"u8) ? "MP3"
            : file.StartsWith("FORM"u8) ? "AIFF" : file.StartsWith("RIFX"u8) ? "big-endian WAV (RIFX)" : null;
        return kind is null ? "not a WAV file (RIFF WAVE)" : $"not a WAV file but {kind}; convert it to WAV with PCM of 16 bits";
    }
}
