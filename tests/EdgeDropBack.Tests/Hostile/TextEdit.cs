using System.Text;
using System.Text.Json;
using CsCheck;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>One word of a text replaced: by a hostile one, by another of the same text, by nothing, or by itself twice.</summary>
readonly record struct TextEdit(uint Place, uint Other, int Kind)
{
    static readonly byte[][] s_words =
    [
        .. new[]
        {
            "", "0", "-1", "1e999", "-1e999", "1e308", "1e-320", "nan", "inf", "null", "true", "9223372036854775808", "-9223372036854775809",
            "18446744073709551615", "4294967296", "2147483648", "0.1", "[]", "{}", "\"\"", "\"", "\"\\ud800\"", "\"\\n\\u0007\"", "\\", "'", "\n",
            "\r\n", "\0", "\t", ",", ",,,,", "\uFEFF", "\u2028", "\u0663", "日本", "../..", "True", "(1,)", "1_000", "0x10", "+5", "|O", "<f4", ">i8",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE], [0xC0, 0x80], Encoding.UTF8.GetBytes(new string('a', 70_000)), Encoding.UTF8.GetBytes(new string('9', 400)),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", 2000))),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60))),
    ];

    static readonly Gen<TextEdit> s_any = Gen.Select(Gen.UInt, Gen.UInt, Gen.Int[0, 7], (place, other, kind) => new TextEdit(place, other, kind));

    /// <summary>One of the samples with a few words changed; words end at separators, brackets and quotes.</summary>
    public static Gen<byte[]> Of(IReadOnlyList<byte[]> samples) => Of(samples, Words);

    /// <summary>The same for JSON, where the words are names and values.</summary>
    public static Gen<byte[]> OfJson(IReadOnlyList<byte[]> samples) => Of(samples, Tokens);

    static Gen<byte[]> Of(IReadOnlyList<byte[]> samples, Func<byte[], List<Range>> words)
        => Gen.Select(Gen.Int[0, samples.Count - 1], Edits.Few(s_any), (sample, edits)
            => edits.Aggregate(samples[sample], (file, edit) => edit.Apply(file, words(file))));

    byte[] Apply(byte[] file, List<Range> words)
    {
        if (words.Count == 0) return file;
        var word = words[(int)(Place % (uint)words.Count)];
        byte[] with = Kind switch
        {
            0 => [],
            1 => [.. file[word], .. file[word]],
            2 or 3 => file[words[(int)(Other % (uint)words.Count)]],
            _ => s_words[Other % s_words.Length],
        };
        return [.. file[..word.Start], .. with, .. file[word.End..]];
    }

    static List<Range> Words(byte[] file)
    {
        var words = new List<Range>();
        var start = 0;
        for (var i = 0; i <= file.Length; i++)
        {
            if (i < file.Length && !" ,;\t\r\n\"'[](){}:=/".Contains((char)file[i], StringComparison.Ordinal)) continue;
            if (i > start) words.Add(start..i);
            if (i < file.Length) words.Add(i..(i + 1));
            start = i + 1;
        }
        return words;
    }

    static List<Range> Tokens(byte[] file)
    {
        var tokens = new List<Range>();
        var reader = new Utf8JsonReader(file);
        try
        {
            while (reader.Read()) tokens.Add((int)reader.TokenStartIndex..(int)reader.BytesConsumed);
        }
        catch (JsonException)
        {
            return tokens.Count > 0 ? tokens : Words(file);
        }
        return tokens;
    }
}
