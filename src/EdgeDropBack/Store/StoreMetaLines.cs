using System.Globalization;
using System.Numerics;

namespace EdgeDropBack.Store;

/// <summary>The lines of a META section, taken one key at a time.</summary>
sealed class StoreMetaLines
{
    readonly List<KeyValuePair<string, string>> _lines = [];

    internal StoreMetaLines(string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = line.IndexOf('=');
            string key = equals > 0 ? line[..equals] : throw new FormatException($"'{line}' is not key=value");
            if (_lines.Exists(other => other.Key == key))
                throw new FormatException($"key '{key}' stands twice");
            _lines.Add(new(key, line[(equals + 1)..]));
        }
    }

    internal string Text(string key)
    {
        int place = _lines.FindIndex(line => line.Key == key);
        if (place < 0)
            throw new FormatException($"key '{key}' is missing");
        string value = _lines[place].Value;
        _lines.RemoveAt(place);
        return value;
    }

    internal T Number<T>(string key) where T : INumber<T>
    {
        string text = Text(key);
        const NumberStyles Style = NumberStyles.Float;
        return T.TryParse(text, Style, CultureInfo.InvariantCulture, out T? value)
            ? value
            : throw new FormatException($"key '{key}' has the value '{text}', a number was expected");
    }

    internal double? OptionalNumber(string key)
    {
        int place = _lines.FindIndex(line => line.Key == key);
        if (place < 0 || _lines[place].Value.Length > 0)
            return Number<double>(key);
        _lines.RemoveAt(place);
        return null;
    }

    internal IReadOnlyList<KeyValuePair<string, string>> Unread() => _lines;
}
