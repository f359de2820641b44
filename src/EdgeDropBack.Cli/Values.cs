using System.CommandLine;
using System.Globalization;
using EdgeDropBack.Data;

namespace EdgeDropBack.Cli;

/// <summary>Texts of the command line as values; what does not fit is refused with the option's name.</summary>
static class Values
{
    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace the file that -o names, where there is one" };

    static readonly (string Name, long Bytes)[] s_units =
        [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    static readonly (string Name, double Seconds)[] s_times = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    public static Func<string, string> Text { get; } = text => text;

    public static Func<string, int> Int(string name, int least) => text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw EdbException.Usage($"{name} '{text}' is no whole number of {least} or more");

    /// <summary>Threads of this process.</summary>
    public static Func<string, int> Threads { get; } = text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var threads) && threads >= 1 && threads <= Environment.ProcessorCount
            ? threads
            : throw EdbException.Usage($"--threads '{text}' is no whole number from 1 to {Environment.ProcessorCount}, the cores that this process may use");

    public static Func<string, int?> IntOr(string name, int least, string off) => text => text == off ? null : Int(name, least)(text);

    public static Func<string, uint> UInt(string name) => text =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw EdbException.Usage($"{name} '{text}' is no whole number from 0 to {uint.MaxValue}");

    public static Func<string, float> Float(string name, float least) => text =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) && value >= least
            ? value
            : throw EdbException.Usage(string.Create(CultureInfo.InvariantCulture, $"{name} '{text}' is no number of {least} or more{DecimalPoint(text)}"));

    /// <summary>A factor below 1, such as the part of a moving average that is kept.</summary>
    public static Func<string, float> FloatBelowOne(string name) => text =>
        Float(name, 0)(text) is var value && value < 1f ? value : throw EdbException.Usage($"{name} '{text}' is no number of 0 or more and below 1");

    static string DecimalPoint(string text) => text.Contains(',') && !text.Contains('.') ? $"; write {text.Replace(',', '.')} with a point" : "";

    public static Func<string, float[]> Floats(string name) => text =>
        [.. text.Split(',').Select(part => Float(name, float.MinValue)(part))];

    /// <summary>"T=24" or "T=24,x:1=6"; a name may hold commas and equals signs.</summary>
    public static Func<string, IReadOnlyDictionary<string, int>?> Sizes(string option) => text =>
    {
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        var name = "";
        foreach (var part in text.Split(','))
        {
            name += part;
            var equals = name.LastIndexOf('=');
            if (equals >= 0 && int.TryParse(name.AsSpan(equals + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var size))
            {
                if (equals == 0) break;
                if (size < 1) throw EdbException.Usage($"{option} '{name}': a size is a whole number of 1 or more");
                if (!sizes.TryAdd(name[..equals], size)) throw EdbException.Usage($"{option} '{text}' gives '{name[..equals]}' twice");
                name = "";
            }
            else name += ",";
        }
        return name.Length == 0 ? sizes : throw EdbException.Usage($"{option} '{text}' is no list of sizes such as T=24 or x:1=24");
    };

    public static Func<string, T> OneOf<T>(string name, params (string Text, T Value)[] choices) => text =>
    {
        foreach (var choice in choices)
            if (choice.Text == text) return choice.Value;
        throw EdbException.Usage($"{name} '{text}' is none of {string.Join(", ", choices.Select(c => c.Text))}"
            + NearestNames.DidYouMean(text, choices.Select(c => c.Text)));
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

    /// <summary>"500ms", "90s", "10m" or "2h".</summary>
    public static Func<string, TimeSpan?> Time(string name) => text =>
    {
        foreach (var (suffix, seconds) in s_times)
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                && value * seconds is > 0 and < 1e8)
                return TimeSpan.FromSeconds(value * seconds);
        throw EdbException.Usage($"{name} '{text}' is no time such as 90s, 10m or 2h");
    };

    /// <summary>"50%" or 0.5.</summary>
    public static Func<string, double> Share(string name) => text =>
    {
        var isPercent = text.EndsWith('%');
        return double.TryParse(isPercent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && (isPercent ? value / 100 : value) is > 0 and <= 1 and var share
            ? share
            : throw EdbException.Usage($"{name} '{text}' is no share such as 50%, above 0% and at most 100%");
    };
}
