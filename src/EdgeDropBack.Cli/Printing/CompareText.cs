using EdgeDropBack.Cli.Json;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What `edb compare` shows.</summary>
static class CompareText
{
    public static void Write(TableOutput console, IReadOnlyList<string> modes, CompareJson comparison)
    {
        var sheet = new Sheet("mode", ">user", ">gain", ">knew", ">forgot", ">weights", ">store", ">off-chip", ">weights'",
            ">step", ">rate");
        foreach (var (mode, r) in modes.Zip(comparison.Results))
        {
            sheet.Row(mode, Figures.Percent(r.Accuracy.After), Figures.Change(r.Accuracy.Before, r.Accuracy.After),
                Figures.Percent(r.Accuracy.RetainAfter),
                Figures.Change(r.Accuracy.RetainBefore, r.Accuracy.RetainAfter), Figures.Short(r.Tracked), Figures.Bytes(r.Store.Bytes),
                Figures.Bytes(r.Traffic.PerStep.TotalBytes), Figures.Bytes(r.Traffic.PerStep.WeightBytes),
                    Figures.Milliseconds(r.StepMilliseconds.Median),
                Figures.Number(r.Rate));
        }
        sheet.Write(console);
        var legend = "user: accuracy on the user's data, gain in points; knew: on the retention data; off-chip: bytes a step moves "
            + "to and from memory, weights' share of it beside";
        console.Writer.WriteLine(legend);
    }
}
