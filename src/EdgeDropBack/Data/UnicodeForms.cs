using System.Globalization;
using System.Text;

namespace EdgeDropBack.Data;

/// <summary>
/// Names that look the same and differ in how accents are written: composed (NFC, one character) or decomposed (NFD, a letter and combining marks,
/// as macOS stores file names). The invariant globalization mode has no normalization, so that they are told apart and not taken for each other.
/// </summary>
static class UnicodeForms
{
    /// <summary>Whether two different names are the same but for letters that one of them composes and the other does not.</summary>
    internal static bool LookAlike(string a, string b)
    {
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            var (marksA, marksB) = (Marks(a, i + 1), Marks(b, j + 1));
            var isSame = a[i] == b[j] && marksA == marksB && a.AsSpan(i + 1, marksA).SequenceEqual(b.AsSpan(j + 1, marksB));
            var isComposed = (marksA > marksB && !char.IsAscii(b[j])) || (marksB > marksA && !char.IsAscii(a[i]));
            if (!isSame && !isComposed) return false;
            (i, j) = (i + 1 + marksA, j + 1 + marksB);
        }
        return i == a.Length && j == b.Length && a != b;
    }

    /// <summary>A remark on two such names, to stand behind the list of names that do not fit.</summary>
    internal static string Difference(string what, string name, string label)
        => $"; {what} '{Printable.Name(name)}' looks like label '{Printable.Name(label)}' but its accents are written as {Form(name)} instead of "
            + $"{Form(label)} ({Codes(name)} instead of {Codes(label)}), write both the same way";

    static string Form(string text) => text.Any(IsMark) ? "combining marks (NFD)" : "single characters (NFC)";

    static string Codes(string text) => string.Join(' ', text.EnumerateRunes().Where(rune => !rune.IsAscii).Take(4).Select(rune => $"U+{rune.Value:X4}"));

    static int Marks(string text, int from)
    {
        var end = from;
        while (end < text.Length && IsMark(text[end])) end++;
        return end - from;
    }

    static bool IsMark(char c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark;
}
