using EdgeDropBack.Cli.Json;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What `edb eval` shows.</summary>
static class EvaluationText
{
    public static void Write(Terminal terminal, EvaluationJson e)
    {
        var accuracy = e.Accuracy is { } share ? $"accuracy {Figures.Percent(share)}, " : "";
        terminal.Out.WriteLine($"{accuracy}loss {Figures.Number(e.Loss)} on {Figures.Count(e.Samples)} samples of {e.Data}{(e.Skipped.Count > 0 ? $", {Figures.Count(e.Skipped.Count)} skipped" : "")}");
        if (e.Confusion is not { } counts) return;
        terminal.Out.WriteLine();
        var console = terminal.Tables();
        var sheet = new Sheet(["true \\ predicted", .. counts.Select((_, c) => $">{c}"), ">right"]);
        for (var r = 0; r < counts.Length; r++)
        {
            var total = counts[r].Sum();
            sheet.Row([$"{r} {(e.Classes is { } names && r < names.Count ? names[r] : "")}".TrimEnd(),
                .. counts[r].Select(n => n == 0 ? "." : Figures.Count(n)),
                Figures.Percent(total == 0 ? null : (double)counts[r][r] / total)]);
        }
        sheet.Write(console);
    }
}
