using System.Buffers.Binary;

namespace EdgeDropBack.Data;

/// <summary>A RIFF WAVE file: PCM of 8 (unsigned), 16, 24 or 32 bits, or float of 32 or 64, also as WAVE_FORMAT_EXTENSIBLE.</summary>
/// <remarks>
/// "fmt " holds format (1 PCM, 3 float, 0xFFFE extensible, which has the format in the first bytes of a GUID at 24), channels, rate, bytes a
/// second, bytes a frame, bits a sample. <see cref="WavChunks"/> finds it and the samples.
/// </remarks>
sealed class WavFile
{
    const int Pcm = 1, Float = 3, Extensible = 0xFFFE, SubFormatAt = 24, MostChannels = 64;

    WavFile(int rate, int channels, float[] mono) => (Rate, Channels, Mono) = (rate, channels, mono);

    /// <summary>Samples a second.</summary>
    public int Rate { get; }

    public int Channels { get; }

    /// <summary>The mean of the channels, full scale 1.</summary>
    public float[] Mono { get; }

    /// <summary>What was tolerated: a wrong length in the header, an incomplete last frame.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

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
        return WavChunks.Find(file, out var chunks) ?? Samples(chunks, out wav);
    }

    static string? Samples(WavChunks chunks, out WavFile? wav)
    {
        wav = null;
        var format = chunks.Format;
        var data = chunks.Data;
        if (format.Length < 16) return $"a format of {format.Length} bytes, expected 16 or more";
        int kind = Word(format, 0), channels = Word(format, 2), block = Word(format, 12), bits = Word(format, 14);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        if (kind == Extensible && format.Length >= SubFormatAt + 2) kind = Word(format, SubFormatAt);
        if ((kind, bits) is not ((Pcm, 8 or 16 or 24 or 32) or (Float, 32 or 64)))
            return $"{FormatName(kind)} of {bits} bits; only PCM of 8, 16, 24 or 32 bits and float of 32 or 64 are read, convert it";
        if (channels is < 1 or > MostChannels) return $"{channels} channels, expected 1 to {MostChannels}";
        if (rate is < AudioFeatures.LowestRate or > AudioFeatures.HighestRate) return $"{rate} samples a second, expected {AudioFeatures.LowestRate} to {AudioFeatures.HighestRate}";
        var size = bits / 8;
        if (block != channels * size) return $"{block} bytes a frame, expected {channels * size} for {channels} channels of {bits} bits";
        if (data.Length < block) return data.IsEmpty ? "the recording is empty" : $"cut short: {data.Length} bytes of samples, a frame has {block}";
        var mono = new float[data.Length / block];
        for (var i = 0; i < mono.Length; i++)
        {
            var sum = 0.0;
            for (var c = 0; c < channels; c++) sum += Sample(data.Slice(i * block + c * size, size), kind == Float);
            mono[i] = (float)(sum / channels);
            if (!float.IsFinite(mono[i])) return $"sample {i} is not a finite number";
        }
        List<string> notes = [];
        if (chunks.HasWrongLength) notes.Add("the header does not give the real length of the samples; they are read to the end of the file");
        if (data.Length % block != 0) notes.Add("the last frame is incomplete and left out");
        wav = new((int)rate, channels, mono) { Notes = notes };
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

    static string FormatName(int kind) => kind switch
    {
        2 or 0x11 => $"ADPCM (format {kind})",
        6 => "A-law (format 6)",
        7 => "mu-law (format 7)",
        0x55 => "MP3 (format 85)",
        _ => $"format {kind}",
    };
}
