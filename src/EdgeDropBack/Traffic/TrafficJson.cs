using System.Text.Json.Serialization;

namespace EdgeDropBack.Traffic;

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TrafficReport))]
[JsonSerializable(typeof(TrafficDiff))]
sealed partial class TrafficJson : JsonSerializerContext;
