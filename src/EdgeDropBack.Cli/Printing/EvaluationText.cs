using EdgeDropBack.Cli.Json;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What `edb eval` shows.</summary>
static class EvaluationText
{
    /// <summary>With more classes than this, columns of the confusion table are headed by numbers alone.</summary>
    const int MostNamedColumns = 12;

    public static void Write(Terminal terminal, EvaluationJson e)
    {
        terminal.Out.WriteLine($"{Shares(e.Accuracy, e.AccuracyKind, e.MacroF1, e.FalseRejectRate, e.FalseAcceptRate)}loss {Figures.Number(e.Loss)} on {Figures.Count(e.Samples)} samples of {e.Data}"
            + (e.Skipped.Count > 0 ? $", {Figures.Count(e.Skipped.Count)} skipped" : ""));
        if (e.Confusion is { } counts) WriteConfusion(terminal, counts, Names(e));
        if (e.Outputs is { } outputs) WriteOutputs(terminal, outputs, e.Classes);
    }

    /// <summary>The shares in front of the loss; empty where there are none.</summary>
    public static string Shares(double? accuracy, string? kind, double? macroF1, double? falseRejects, double? falseAccepts) => (accuracy, kind) switch
    {
        (null, _) => "",
        (_, "exact-match") => $"exact match {Figures.Percent(accuracy)}, macro F1 {Figures.Percent(macroF1)}, ",
        (_, "binary") => $"accuracy {Figures.Percent(accuracy)}, false rejects {Figures.Percent(falseRejects)}, false accepts {Figures.Percent(falseAccepts)}, ",
        _ => $"accuracy {Figures.Percent(accuracy)}, ",
    };

    static void WriteConfusion(Terminal terminal, int[][] counts, IReadOnlyList<string>? names)
    {
        terminal.Out.WriteLine();
        string Name(int c) => $"{c} {(names is not null && c < names.Count ? Data.Printable.Name(names[c]) : "")}".TrimEnd();
        var sheet = new Sheet(["true \\ predicted", .. counts.Select((_, c) => $">{(counts.Length <= MostNamedColumns ? Name(c) : $"{c}")}"), ">right"]);
        for (var r = 0; r < counts.Length; r++)
        {
            var total = counts[r].Sum();
            sheet.Row([Name(r), .. counts[r].Select(n => n == 0 ? "." : Figures.Count(n)), Figures.Percent(total == 0 ? null : (double)counts[r][r] / total)]);
        }
        sheet.Write(terminal.Tables());
    }

    static void WriteOutputs(Terminal terminal, IReadOnlyList<ClassCounts> outputs, IReadOnlyList<string>? names)
    {
        terminal.Out.WriteLine();
        var sheet = new Sheet("output", ">positive", ">accepted", ">false rejects", ">false accepts", ">F1");
        for (var o = 0; o < outputs.Count; o++)
        {
            var c = outputs[o];
            var name = names is not null && names.Count == outputs.Count ? Data.Printable.Name(names[o]) : "";
            sheet.Row($"{o} {name}".TrimEnd(), Figures.Count(c.TruePositives + c.FalseNegatives), Figures.Count(c.TruePositives + c.FalsePositives),
                Figures.Percent(c.FalseRejectRate), Figures.Percent(c.FalseAcceptRate), Figures.Percent(c.F1));
        }
        sheet.Write(terminal.Tables());
    }

    /// <summary>The one name of a single output is what a yes means.</summary>
    static IReadOnlyList<string>? Names(EvaluationJson e)
        => e is { AccuracyKind: "binary", Classes: [var only] } ? [$"not {only}", only] : e.Classes;
}
