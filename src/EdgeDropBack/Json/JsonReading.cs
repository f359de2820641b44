using System.Text.Json;

namespace EdgeDropBack.Json;

/// <summary>Reads fields of JSON objects that this program wrote; what is missing or of another kind is a <see cref="JsonException"/>
/// that names the field.</summary>
static class JsonReading
{
    /// <summary>Runs <paramref name="read"/> over a text's root object.</summary>
    /// <exception cref="JsonException">No JSON, or what <paramref name="read"/> refuses; escapes that are no text included.</exception>
    public static T Root<T>(ReadOnlyMemory<byte> utf8, Func<JsonElement, T> read) where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return read(document.RootElement);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <summary>The field, or null where it is missing or null.</summary>
    public static JsonElement? Optional(this JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object) throw new JsonException($"an object with {name} was expected");
        return parent.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;
    }

    public static JsonElement Required(this JsonElement parent, string name)
        => parent.Optional(name) ?? throw new JsonException($"{name} is missing or null");

    public static string Text(this JsonElement parent, string name) => TextOf(parent.Required(name), name);

    public static long Whole(this JsonElement parent, string name) => WholeOf(parent.Required(name), name);

    /// <summary>A whole number of 32 bits.</summary>
    public static int Int(this JsonElement parent, string name) => IntOf(parent.Required(name), name);

    public static int? OptionalInt(this JsonElement parent, string name) => parent.Optional(name) is { } field ? IntOf(field, name) : null;

    public static double Number(this JsonElement parent, string name) => NumberOf(parent.Required(name), name);

    public static double? OptionalNumber(this JsonElement parent, string name)
        => parent.Optional(name) is { } field ? NumberOf(field, name) : null;

    public static bool? OptionalFlag(this JsonElement parent, string name) => parent.Optional(name) is not { } field ? null
        : field.ValueKind is JsonValueKind.True or JsonValueKind.False ? field.ValueKind == JsonValueKind.True
        : throw new JsonException($"{name} is neither true nor false");

    /// <summary>The position of the field's text among <paramref name="names"/>.</summary>
    public static int OneOf(this JsonElement parent, string name, string[] names)
        => Array.IndexOf(names, parent.Text(name)) is >= 0 and var index ? index : throw new JsonException($"unknown {name}");

    public static List<T> List<T>(this JsonElement parent, string name, Func<JsonElement, T> read) where T : class
    {
        var list = new List<T>();
        foreach (var item in ItemsOf(parent.Required(name), name)) list.Add(read(item));
        return list;
    }

    /// <summary>Null where the field is missing or null.</summary>
    public static List<string>? OptionalTexts(this JsonElement parent, string name)
    {
        if (parent.Optional(name) is not { } field) return null;
        var list = new List<string>();
        foreach (var item in ItemsOf(field, name)) list.Add(TextOf(item, name));
        return list;
    }

    public static int[]? OptionalInts(this JsonElement parent, string name)
    {
        if (parent.Optional(name) is not { } field) return null;
        var values = new int[field.ValueKind == JsonValueKind.Array ? field.GetArrayLength() : 0];
        var i = 0;
        foreach (var item in ItemsOf(field, name)) values[i++] = IntOf(item, name);
        return values;
    }

    public static float[]? OptionalFloats(this JsonElement parent, string name)
    {
        if (parent.Optional(name) is not { } field) return null;
        var values = new float[field.ValueKind == JsonValueKind.Array ? field.GetArrayLength() : 0];
        var i = 0;
        foreach (var item in ItemsOf(field, name))
            values[i++] = item.ValueKind == JsonValueKind.Number && item.TryGetSingle(out var value)
                ? value : throw new JsonException($"{name} is not a list of numbers");
        return values;
    }

    static JsonElement.ArrayEnumerator ItemsOf(JsonElement field, string name)
        => field.ValueKind == JsonValueKind.Array ? field.EnumerateArray() : throw new JsonException($"{name} is not a list");

    static string TextOf(JsonElement field, string name)
        => field.ValueKind == JsonValueKind.String ? field.GetString()! : throw new JsonException($"{name} is not a text");

    static long WholeOf(JsonElement field, string name)
        => field.ValueKind == JsonValueKind.Number && field.TryGetInt64(out var value)
            ? value : throw new JsonException($"{name} is not a whole number");

    static int IntOf(JsonElement field, string name)
        => WholeOf(field, name) is >= int.MinValue and <= int.MaxValue and var value
            ? (int)value : throw new JsonException($"{name} is not a whole number of 32 bits");

    static double NumberOf(JsonElement field, string name)
        => field.ValueKind == JsonValueKind.Number && field.TryGetDouble(out var value)
            ? value : throw new JsonException($"{name} is not a number");
}
