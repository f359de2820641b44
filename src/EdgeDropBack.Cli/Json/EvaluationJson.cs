using System.Text.Json;
using EdgeDropBack.Json;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb eval --json`.</summary>
/// <param name="Confusion">[true][predicted] counts; null where it was not asked for or there are no classes.</param>
sealed record EvaluationJson(string Model, string? Store, string Data, int Samples, double? Accuracy, double Loss, int[][]? Confusion,
    IReadOnlyList<string>? Classes)
{
    public IReadOnlyList<string> Skipped { get; private init; } = [];

    public IReadOnlyList<string> Notes { get; private init; } = [];

    public static void Fields(Utf8JsonWriter json, EvaluationJson value)
    {
        json.Field("model", value.Model);
        json.Field("store", value.Store);
        json.Field("data", value.Data);
        json.Field("samples", value.Samples);
        json.Field("accuracy", value.Accuracy);
        json.Field("loss", value.Loss);
        json.Field("confusion", value.Confusion);
        json.Field("classes", value.Classes);
        json.Field("skipped", value.Skipped);
        json.Field("notes", value.Notes);
    }

    public static EvaluationJson Of(string model, string? store, string data, Evaluation e, bool withConfusion,
        IReadOnlyList<string>? classes)
        => new(model, store, data, e.Samples, e.Accuracy, e.Loss, withConfusion && e.Confusion is { } counts ? Rows(counts) : null,
            classes)
        {
            Skipped = e.Skipped,
            Notes = e.Notes,
        };

    static int[][] Rows(int[,] counts)
    {
        var rows = new int[counts.GetLength(0)][];
        for (var r = 0; r < rows.Length; r++)
        {
            rows[r] = new int[counts.GetLength(1)];
            for (var c = 0; c < rows[r].Length; c++) rows[r][c] = counts[r, c];
        }
        return rows;
    }
}
