using System.Text.Json;
using EdgeDropBack.Json;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb compare --json`: one result a mode.</summary>
sealed record CompareJson(string Model, IReadOnlyList<PersonalizeResult> Results)
{
    public static void Fields(Utf8JsonWriter json, CompareJson value)
    {
        json.Field("model", value.Model);
        json.Field("results", value.Results, ResultJson.Fields);
    }
}
