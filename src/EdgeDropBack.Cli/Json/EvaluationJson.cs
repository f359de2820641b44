using System.Text.Json;
using EdgeDropBack.Json;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb eval --json`.</summary>
/// <param name="AccuracyKind">What accuracy is a share of: "single-label", "exact-match" or "binary"; null without one.</param>
/// <param name="Confusion">[true][predicted] counts; null where it was not asked for, or samples have several labels or none.</param>
/// <param name="Outputs">Each sigmoid output's decisions; null where they were not asked for, or for other losses than bce.</param>
sealed record EvaluationJson(string Model, string? Store, string Data, int Samples, double? Accuracy, string? AccuracyKind,
    double? MacroF1, double? FalseRejectRate, double? FalseAcceptRate, double Loss, int[][]? Confusion, IReadOnlyList<ClassCounts>? Outputs,
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
        json.Field("accuracyKind", value.AccuracyKind);
        json.Field("macroF1", value.MacroF1);
        json.Field("falseRejectRate", value.FalseRejectRate);
        json.Field("falseAcceptRate", value.FalseAcceptRate);
        json.Field("loss", value.Loss);
        json.Field("confusion", value.Confusion);
        json.Field("outputs", value.Outputs, Fields);
        json.Field("classes", value.Classes);
        json.Field("skipped", value.Skipped);
        json.Field("notes", value.Notes);
    }

    public static EvaluationJson Of(string model, string? store, string data, Evaluation e, bool withConfusion,
        IReadOnlyList<string>? classes)
        => new(model, store, data, e.Samples, e.Accuracy, Name(e.Kind), e.MacroF1, e.FalseRejectRate, e.FalseAcceptRate, e.Loss,
            withConfusion && e.Confusion is { } counts ? Rows(counts) : null, withConfusion ? e.Classes : null, classes)
        {
            Skipped = e.Skipped,
            Notes = e.Notes,
        };

    /// <summary>As results name what accuracy is a share of.</summary>
    public static string? Name(AnswerKind? kind) => kind switch
    {
        AnswerKind.SingleLabel => "single-label",
        AnswerKind.MultiLabel => "exact-match",
        AnswerKind.Binary => "binary",
        _ => null,
    };

    static void Fields(Utf8JsonWriter json, ClassCounts counts)
    {
        json.Field("truePositives", counts.TruePositives);
        json.Field("falsePositives", counts.FalsePositives);
        json.Field("falseNegatives", counts.FalseNegatives);
        json.Field("trueNegatives", counts.TrueNegatives);
        json.Field("falseRejectRate", counts.FalseRejectRate);
        json.Field("falseAcceptRate", counts.FalseAcceptRate);
        json.Field("f1", counts.F1);
    }

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
