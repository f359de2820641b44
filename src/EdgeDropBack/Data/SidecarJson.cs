using System.Text.Json;
using EdgeDropBack.Json;

namespace EdgeDropBack.Data;

/// <summary>The sidecar's file format.</summary>
static class SidecarJson
{
    static readonly string[] s_layouts = ["Nchw", "Nhwc"];

    public static void Fields(Utf8JsonWriter json, Sidecar sidecar)
    {
        json.Field("formatVersion", sidecar.FormatVersion);
        json.Field("modelHash", sidecar.ModelHash);
        json.Field("classNames", sidecar.ClassNames);
        json.Field("preprocessing", sidecar.Preprocessing, Fields);
    }

    /// <exception cref="JsonException">A field is missing or of another kind.</exception>
    public static Sidecar Read(JsonElement root) => new()
    {
        FormatVersion = root.Int("formatVersion"),
        ModelHash = root.Text("modelHash"),
        ClassNames = root.OptionalTexts("classNames"),
        Preprocessing = Preprocessing(root.Required("preprocessing")),
    };

    internal static void Fields(Utf8JsonWriter json, Preprocessing value)
    {
        json.Field("inputShape", value.InputShape);
        json.Field("height", value.Height);
        json.Field("width", value.Width);
        json.Field("channels", value.Channels);
        json.Field("mean", value.Mean);
        json.Field("std", value.Std);
        json.Field("layout", s_layouts[(int)value.Layout]);
        json.Field("scaleTo01", value.ScaleTo01);
        json.Field("convertArrays", value.ConvertArrays);
        if (value.Audio is { } audio) json.Field("audio", audio, Fields);
    }

    static void Fields(Utf8JsonWriter json, AudioFeatures value)
    {
        json.Field("rate", value.Rate);
        json.Field("window", value.Window);
        json.Field("hop", value.Hop);
        json.Field("frames", value.Frames);
        json.Field("bands", value.Bands);
        json.Field("low", value.Low);
        json.Field("high", value.High);
        json.Field("bandsFirst", value.BandsFirst);
    }

    static AudioFeatures Audio(JsonElement json) => new()
    {
        Rate = json.Int("rate"),
        Window = json.Int("window"),
        Hop = json.Int("hop"),
        Frames = json.Int("frames"),
        Bands = json.Int("bands"),
        Low = json.Number("low"),
        High = json.Number("high"),
        BandsFirst = json.OptionalFlag("bandsFirst") ?? false,
    };

    static Preprocessing Preprocessing(JsonElement json) => new()
    {
        InputShape = json.OptionalInts("inputShape") ?? [],
        Height = json.OptionalInt("height"),
        Width = json.OptionalInt("width"),
        Channels = json.OptionalInt("channels") ?? 0,
        Mean = json.OptionalFloats("mean") ?? [],
        Std = json.OptionalFloats("std") ?? [],
        Layout = json.Optional("layout") is null ? ImageLayout.Nchw : (ImageLayout)json.OneOf("layout", s_layouts),
        ScaleTo01 = json.OptionalFlag("scaleTo01") ?? true,
        ConvertArrays = json.OptionalFlag("convertArrays") ?? false,
        Audio = json.Optional("audio") is { } audio ? Audio(audio) : null,
    };
}
