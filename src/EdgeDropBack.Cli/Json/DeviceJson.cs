using System.Text.Json;
using EdgeDropBack.DeviceLink;
using EdgeDropBack.Json;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb device ... --json`: what the agent answered, and what the line did.</summary>
/// <param name="Result">A JSON object.</param>
sealed record DeviceJson(string Result, LinkStatistics Link)
{
    public static void Fields(Utf8JsonWriter json, DeviceJson value)
    {
        json.WritePropertyName("result");
        json.WriteRawValue(value.Result);
        json.WriteStartObject("link");
        json.Field("sent", value.Link.Sent);
        json.Field("sentAgain", value.Link.SentAgain);
        json.Field("received", value.Link.Received);
        json.Field("rejected", value.Link.Rejected);
        json.Field("bytesHeard", value.Link.BytesHeard);
        json.Field("errorsPerByte", value.Link.ErrorsPerByte);
        json.Field("sessions", value.Link.Sessions);
        json.WriteEndObject();
    }
}

/// <summary>What `edb device push` and `edb device pull` did.</summary>
sealed record TransfersJson(IReadOnlyList<TransferJson> Files)
{
    public static void Fields(Utf8JsonWriter json, TransfersJson value) => json.Field("files", value.Files, TransferJson.Fields);
}

/// <param name="Resumed">Bytes that were there from an earlier attempt.</param>
sealed record TransferJson(string Name, long Bytes, long Resumed, double Seconds)
{
    public static void Fields(Utf8JsonWriter json, TransferJson value)
    {
        json.Field("name", value.Name);
        json.Field("bytes", value.Bytes);
        json.Field("resumed", value.Resumed);
        json.Field("seconds", value.Seconds);
        json.Field("bytesPerSecond", value.Seconds > 0 ? (value.Bytes - value.Resumed) / value.Seconds : 0);
    }
}
