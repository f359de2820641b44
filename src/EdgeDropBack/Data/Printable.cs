using System.Globalization;

namespace EdgeDropBack.Data;

/// <summary>Names and lists as they may stand in a one-line message.</summary>
static class Printable
{
    const int MaxLength = 200;
    const int MaxListed = 8;

    internal static string Name(string text)
    {
        var cut = text.Length > MaxLength ? string.Concat(text.AsSpan(0, MaxLength), "...") : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = IsLineSafe(source[i]) ? source[i] : '?';
        });
    }

    /// <summary>Text that cannot break a line or steer a terminal; of what is too long the beginning and the end.</summary>
    internal static string Line(string text, int maxLength = int.MaxValue)
    {
        const string Gap = " ... ";
        var cut = text.Length > maxLength ? string.Concat(text.AsSpan(0, maxLength / 2), Gap, text.AsSpan(text.Length - maxLength / 2 + Gap.Length)) : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = IsLineSafe(source[i]) ? source[i] : ' ';
        });
    }

    internal static string List(IReadOnlyList<string> names)
    {
        var listed = string.Join(", ", names.Take(MaxListed).Select(n => $"'{Name(n)}'"));
        return names.Count <= MaxListed ? listed : $"{listed} and {names.Count - MaxListed} more";
    }

    internal static string Shape(ReadOnlySpan<int> shape)
    {
        var parts = new string[shape.Length];
        for (var i = 0; i < shape.Length; i++)
            parts[i] = shape[i] < 0 ? "?" : shape[i].ToString(CultureInfo.InvariantCulture);
        return $"[{string.Join(",", parts)}]";
    }

    static bool IsLineSafe(char c) => !char.IsControl(c) && c is not ('\u2028' or '\u2029');
}
