using System.Globalization;

namespace EdgeDropBack.Cli;

/// <summary>Texts of the command line as values; what does not fit is refused with the option's name.</summary>
static class Values
{
    static readonly (string Name, long Bytes)[] s_units =
        [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    public static Func<string, string> Text { get; } = text => text;

    public static Func<string, int> Int(string name, int least) => text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw EdbException.Usage($"{name} '{text}' is no whole number of {least} or more");

    public static Func<string, int?> IntOr(string name, int least, string off) => text => text == off ? null : Int(name, least)(text);

    public static Func<string, uint> UInt(string name) => text =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw EdbException.Usage($"{name} '{text}' is no whole number from 0 to {uint.MaxValue}");

    public static Func<string, float> Float(string name, float least) => text =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) && value >= least
            ? value
            : throw EdbException.Usage(string.Create(CultureInfo.InvariantCulture, $"{name} '{text}' is no number of {least} or more"));

    public static Func<string, float[]> Floats(string name) => text =>
        [.. text.Split(',').Select(part => Float(name, float.MinValue)(part))];

    public static Func<string, T> OneOf<T>(string name, params (string Text, T Value)[] choices) => text =>
    {
        foreach (var choice in choices)
            if (choice.Text == text) return choice.Value;
        throw EdbException.Usage($"{name} '{text}' is none of {string.Join(", ", choices.Select(c => c.Text))}");
    };

    /// <summary>"64MB", "1.5GiB" or plain bytes.</summary>
    public static Func<string, long?> Bytes(string name) => text =>
    {
        var (digits, unit) = (text, 1L);
        foreach (var (suffix, bytes) in s_units)
        {
            if (!text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) continue;
            (digits, unit) = (text[..^suffix.Length].Trim(), bytes);
            if (suffix != "B") break;
        }
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value * unit is >= 1 and < 1e18
            ? (long)(value * unit)
            : throw EdbException.Usage($"{name} '{text}' is no size such as 64MB or 512KiB");
    };
}
