using System.Text.Json.Serialization;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Json;

/// <summary>Everything that --json prints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(InspectJson))]
[JsonSerializable(typeof(GradientsJson))]
[JsonSerializable(typeof(BenchResult))]
[JsonSerializable(typeof(InfoJson))]
[JsonSerializable(typeof(SelftestJson))]
[JsonSerializable(typeof(StoreJson))]
[JsonSerializable(typeof(StoreListJson))]
[JsonSerializable(typeof(StoreDiffJson))]
[JsonSerializable(typeof(PersonalizeResult))]
[JsonSerializable(typeof(CompareJson))]
[JsonSerializable(typeof(EvaluationJson))]
[JsonSerializable(typeof(FileJson))]
[JsonSerializable(typeof(PlanJson))]
sealed partial class CliJson : JsonSerializerContext;
