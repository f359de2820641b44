using System.Text.Json.Serialization;

namespace EdgeDropBack.Data;

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Sidecar))]
sealed partial class SidecarJson : JsonSerializerContext;
