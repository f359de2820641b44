using System.Text.Json;
using EdgeDropBack.Json;
using EdgeDropBack.OnnxRuntime;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb verify --json`.</summary>
/// <param name="First">The first value, in the order of the file's nodes, that differs by more than the tolerance; null where all agree.</param>
sealed record VerifyJson(string Model, double Tolerance, ValueDifference? First, ValueDifference? Worst, IReadOnlyList<ValueDifference> Values)
{
    public static VerifyJson Of(string model, double tolerance, IReadOnlyList<ValueDifference> values)
        => new(model, tolerance, values.FirstOrDefault(value => value.Relative > tolerance), values.MaxBy(value => value.Relative), values);

    public static void Fields(Utf8JsonWriter json, VerifyJson value)
    {
        json.Field("model", value.Model);
        json.Field("tolerance", value.Tolerance);
        json.Field("first", value.First, Fields);
        json.Field("worst", value.Worst, Fields);
        json.Field("values", value.Values, Fields);
    }

    static void Fields(Utf8JsonWriter json, ValueDifference value)
    {
        json.Field("name", value.Name);
        json.Field("node", value.Node);
        json.Field("shape", value.Shape);
        json.Field("largest", value.Largest);
        json.Field("difference", value.Difference);
        json.Field("relative", value.Relative);
    }
}
