using System.Text;
using System.Text.Json;

namespace EdgeDropBack.Json;

/// <summary>
/// Writes the fields of JSON objects by hand: a serializer with its converters is a megabyte of program on a device. A type's writer is a
/// function <c>Fields(json, value)</c> that writes what stands between the braces.
/// </summary>
static class JsonFields
{
    static readonly JsonWriterOptions s_indented = new() { Indented = true };

    /// <summary>One object as text.</summary>
    public static string Text<T>(T value, Action<Utf8JsonWriter, T> fields, bool indented) where T : class
    {
        using var stream = new MemoryStream();
        Write(stream, value, fields, indented);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>One object as UTF-8.</summary>
    public static void Write<T>(Stream stream, T value, Action<Utf8JsonWriter, T> fields, bool indented) where T : class
    {
        using var json = new Utf8JsonWriter(stream, indented ? s_indented : default);
        Value(json, value, fields);
    }

    public static void Field(this Utf8JsonWriter json, string name, string? value) => json.WriteString(name, value);

    public static void Field(this Utf8JsonWriter json, string name, bool value) => json.WriteBoolean(name, value);

    public static void Field(this Utf8JsonWriter json, string name, long value) => json.WriteNumber(name, value);

    public static void Field(this Utf8JsonWriter json, string name, ulong value) => json.WriteNumber(name, value);

    /// <summary>What is not finite is the text "NaN", "Infinity" or "-Infinity".</summary>
    public static void Field(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    /// <summary>What is not finite is the text "NaN", "Infinity" or "-Infinity".</summary>
    public static void Field(this Utf8JsonWriter json, string name, float value)
    {
        if (float.IsFinite(value)) json.WriteNumber(name, value);
        else Field(json, name, (double)value);
    }

    public static void Field(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    public static void Field(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) Field(json, name, number);
        else json.WriteNull(name);
    }

    public static void Field<T>(this Utf8JsonWriter json, string name, T? value, Action<Utf8JsonWriter, T> fields) where T : class
    {
        json.WritePropertyName(name);
        Value(json, value, fields);
    }

    public static void Field(this Utf8JsonWriter json, string name, int[]? values)
    {
        json.WritePropertyName(name);
        if (values is null) json.WriteNullValue();
        else Value(json, values);
    }

    public static void Field(this Utf8JsonWriter json, string name, int[][]? rows)
    {
        if (rows is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartArray(name);
        foreach (var row in rows) Value(json, row);
        json.WriteEndArray();
    }

    public static void Field(this Utf8JsonWriter json, string name, float[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    public static void Field(this Utf8JsonWriter json, string name, IReadOnlyList<double>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    public static void Field(this Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public static void Field<T>(this Utf8JsonWriter json, string name, IReadOnlyList<T>? values, Action<Utf8JsonWriter, T> fields)
        where T : class
    {
        if (values is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartArray(name);
        foreach (var value in values) Value(json, value, fields);
        json.WriteEndArray();
    }

    static void Value<T>(Utf8JsonWriter json, T? value, Action<Utf8JsonWriter, T> fields) where T : class
    {
        if (value is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        fields(json, value);
        json.WriteEndObject();
    }

    static void Value(Utf8JsonWriter json, int[] values)
    {
        json.WriteStartArray();
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
