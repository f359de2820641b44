using System.Text.Json;
using EdgeDropBack.Json;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb gradients --json`.</summary>
sealed record GradientsJson(string Model, int Samples, string LossKind, double Loss, string Output, IReadOnlyList<GradientJson> Parameters)
{
    public static void Fields(Utf8JsonWriter json, GradientsJson value)
    {
        json.Field("model", value.Model);
        json.Field("samples", value.Samples);
        json.Field("lossKind", value.LossKind);
        json.Field("loss", value.Loss);
        json.Field("output", value.Output);
        json.Field("parameters", value.Parameters, GradientJson.Fields);
    }
}

sealed record GradientJson(string Name, int[] Shape)
{
    public static void Fields(Utf8JsonWriter json, GradientJson value)
    {
        json.Field("name", value.Name);
        json.Field("shape", value.Shape);
    }
}
