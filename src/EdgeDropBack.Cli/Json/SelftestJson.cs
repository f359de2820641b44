using System.Text.Json;
using EdgeDropBack.Json;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb selftest --json`.</summary>
sealed record SelftestJson(bool Passed, string Kernels, IReadOnlyList<CheckJson> Checks)
{
    public static void Fields(Utf8JsonWriter json, SelftestJson value)
    {
        json.Field("passed", value.Passed);
        json.Field("kernels", value.Kernels);
        json.Field("checks", value.Checks, CheckJson.Fields);
    }
}

/// <param name="Failure">What is wrong and what to do; null where the check passed.</param>
sealed record CheckJson(string Name, string? Failure)
{
    public static void Fields(Utf8JsonWriter json, CheckJson value)
    {
        json.Field("name", value.Name);
        json.Field("failure", value.Failure);
    }
}
