using System.Buffers.Binary;

namespace EdgeDropBack.Data;

/// <summary>A RIFF WAVE file: PCM of 8 (unsigned), 16, 24 or 32 bits, or float of 32 or 64, also as WAVE_FORMAT_EXTENSIBLE.</summary>
/// <remarks>
/// "RIFF", length, "WAVE", then chunks: a name of four letters, a length, that many bytes and one more where they are odd. "fmt " holds format
/// (1 PCM, 3 float, 0xFFFE extensible, which has the format in the first bytes of a GUID at 24), channels, rate, bytes a second, bytes a frame,
/// bits a sample; "data" the samples. A length of 0xFFFFFFFF is what a recorder leaves that did not know it: the samples go on to the end.
/// </remarks>
sealed class WavFile
{
    const int Pcm = 1, Float = 3, Extensible = 0xFFFE, SubFormatAt = 24, MostChannels = 64;
    const uint Unknown = uint.MaxValue;

    WavFile(int rate, int channels, float[] mono) => (Rate, Channels, Mono) = (rate, channels, mono);

    /// <summary>Samples a second.</summary>
    public int Rate { get; }

    public int Channels { get; }

    /// <summary>The mean of the channels, full scale 1.</summary>
    public float[] Mono { get; }

    public static bool IsSupported(string path) => path.EndsWith(".wav", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".wave", StringComparison.OrdinalIgnoreCase);

    /// <returns>Null, or why the file cannot be used.</returns>
    public static string? Read(string path, out WavFile? wav)
    {
        wav = null;
        try
        {
            using var stream = DataFile.Open(path);
            if (stream.Length > DataLimits.MaxSoundFileBytes) return $"{stream.Length} bytes, the limit is {DataLimits.MaxSoundFileBytes}";
            var bytes = new byte[stream.Length];
            BoundedReader.Fill(stream, bytes, path, "the file");
            return Parse(bytes, out wav);
        }
        catch (EdbException e)
        {
            return e.Message;
        }
    }

    internal static string? Parse(ReadOnlySpan<byte> file, out WavFile? wav)
    {
        wav = null;
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8)) return "not a WAV file (RIFF WAVE)";
        var format = default(ReadOnlySpan<byte>);
        for (var at = 12; at + 8 <= file.Length;)
        {
            var name = file.Slice(at, 4);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var rest = file[(at + 8)..];
            var isData = name.SequenceEqual("data"u8);
            if (isData && length == Unknown) length = (uint)rest.Length;
            if (length > rest.Length) return $"cut short: chunk '{Name(name)}' has {length} bytes, {rest.Length} are there";
            if (name.SequenceEqual("fmt "u8)) format = rest[..(int)length];
            if (isData) return format.IsEmpty ? "the samples come before their format" : Samples(format, rest[..(int)length], out wav);
            at += 8 + (int)Math.Min(length + (length & 1), (uint)rest.Length);
        }
        return "cut short: no samples";
    }

    static string? Samples(ReadOnlySpan<byte> format, ReadOnlySpan<byte> data, out WavFile? wav)
    {
        wav = null;
        if (format.Length < 16) return $"a format of {format.Length} bytes, expected 16 or more";
        int kind = Word(format, 0), channels = Word(format, 2), block = Word(format, 12), bits = Word(format, 14);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        if (kind == Extensible && format.Length >= SubFormatAt + 2) kind = Word(format, SubFormatAt);
        if ((kind, bits) is not ((Pcm, 8 or 16 or 24 or 32) or (Float, 32 or 64)))
            return $"format {kind} of {bits} bits; only PCM of 8, 16, 24 or 32 bits and float of 32 or 64 are read, convert it";
        if (channels is < 1 or > MostChannels) return $"{channels} channels, expected 1 to {MostChannels}";
        if (rate is < AudioFeatures.LowestRate or > AudioFeatures.HighestRate) return $"{rate} samples a second, expected {AudioFeatures.LowestRate} to {AudioFeatures.HighestRate}";
        var size = bits / 8;
        if (block != channels * size) return $"{block} bytes a frame, expected {channels * size} for {channels} channels of {bits} bits";
        if (data.Length < block) return "no samples";
        if (data.Length % block != 0) return $"cut short: {data.Length} bytes of samples are no multiple of {block}";
        var mono = new float[data.Length / block];
        for (var i = 0; i < mono.Length; i++)
        {
            var sum = 0.0;
            for (var c = 0; c < channels; c++) sum += Sample(data.Slice(i * block + c * size, size), kind == Float);
            mono[i] = (float)(sum / channels);
            if (!float.IsFinite(mono[i])) return $"sample {i} is not a finite number";
        }
        wav = new((int)rate, channels, mono);
        return null;
    }

    static double Sample(ReadOnlySpan<byte> bytes, bool isFloat) => (bytes.Length, isFloat) switch
    {
        (1, _) => (bytes[0] - 128) / 128.0,
        (2, _) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768.0,
        (3, _) => ((sbyte)bytes[2] << 16 | bytes[1] << 8 | bytes[0]) / 8388608.0,
        (4, false) => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648.0,
        (4, true) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };

    static int Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    static string Name(ReadOnlySpan<byte> name) => Printable.Name(System.Text.Encoding.Latin1.GetString(name));
}
