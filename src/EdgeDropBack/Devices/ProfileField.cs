using System.Text.Json;

namespace EdgeDropBack.Devices;

/// <summary>A place in a profile's JSON that knows its file and path, so that every error names both.</summary>
readonly struct ProfileField(string file, string path, JsonElement element)
{
    public ProfileField Required(string name) => Optional(name) ?? throw Error(Join(name), "is missing");

    public ProfileField? Optional(string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong("an object");
        return element.TryGetProperty(name, out var value) ? new ProfileField(file, Join(name), value) : null;
    }

    /// <summary>The same, an object that has no other members.</summary>
    public ProfileField Only(params ReadOnlySpan<string> members)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong("an object");
        foreach (var property in element.EnumerateObject())
            if (!members.Contains(property.Name))
                throw Error(Join(property.Name), $"is not known here; known: {string.Join(", ", members.ToArray())}");
        return this;
    }

    public IEnumerable<ProfileField> Items()
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Wrong("an array");
        int i = 0;
        foreach (var item in element.EnumerateArray())
            yield return new ProfileField(file, $"{path}[{i++}]", item);
    }

    public string Text() =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? text : throw Wrong("a text");

    public string OneOf(string what, params ReadOnlySpan<string> known)
    {
        string text = Text();
        return known.Contains(text)
            ? text
            : throw Error(path, $"has unknown {what} '{text}'; known: {string.Join(", ", known.ToArray())}");
    }

    public bool Flag() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("true or false"),
    };

    public double Number() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && double.IsFinite(value) && value >= 0
            ? value
            : throw Wrong("a number, zero or more");

    public long Count(long max) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value) && value >= 1 && value <= max
            ? value
            : throw Wrong($"a whole number from 1 to {max}");

    public EdbException Error(string problem) => Error(path, problem);

    EdbException Wrong(string expected)
    {
        string found = element.GetRawText();
        return Error(path, $"must be {expected}, found {(found.Length <= 40 ? found : found[..40] + "...")}");
    }

    EdbException Error(string where, string problem) =>
        EdbException.Refused($"profile {file}: {(where.Length > 0 ? where : "the file")} {problem} (the format: device-profiles/profile.schema.json)");

    string Join(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
