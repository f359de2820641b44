using System.Net;

namespace EdgeDropBack.Traffic;

/// <summary>A report as one page that opens from a file: bars by operand and by layer, dense beside DropBack, and the text
/// report.</summary>
static class TrafficHtml
{
    const int Layers = 24;

    static readonly SvgSeries[] s_directions = [new("read", "#0969da"), new("written", "#bc4c00")];

    public static void Write(TrafficReport report, TextWriter writer)
    {
        var title = WebUtility.HtmlEncode($"Memory traffic of {report.Header.Model}");
        writer.Write("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
            + $"<title>{title}</title>\n<style>body{{font:14px system-ui,sans-serif;margin:2em;max-width:1200px}}"
            + ".pair{display:flex;flex-wrap:wrap;gap:1em}svg{max-width:100%;height:auto}pre{overflow:auto}</style></head><body>\n"
            + $"<h1>{title}</h1>\n<h2>Assumptions</h2>\n<pre>");
        var header = new StringWriter { NewLine = "\n" };
        TrafficText.WriteHeader(report.Header, header);
        writer.Write($"{WebUtility.HtmlEncode(header.ToString())}</pre>\n");
        foreach (var lens in report.Lenses)
        {
            if (report.Comparison(lens) is not { } comparison) continue;
            writer.Write($"<h2>One step by the {lens} lens, bytes across the chip boundary</h2>\n" + TrafficBars.Svg(comparison, "Bytes a step"));
            WritePair(writer, $"By operand, {lens}", comparison, ByOperand);
            WritePair(writer, $"By layer, {lens}", comparison, ByLayer);
        }
        WriteFootprints(report, writer);
        foreach (var step in report.Steps)
            if (step.Origin == StepTraffic.Counted)
                writer.Write($"<h2>Counted: {TrafficNames.Of(step.Mode)}, {step.Steps} steps</h2>\n{ByOperand(step)}");
        var text = new StringWriter { NewLine = "\n" };
        TrafficText.Write(report, text, rows: 40);
        writer.Write($"<h2>Tables</h2>\n<pre>{WebUtility.HtmlEncode(text.ToString())}</pre>\n</body></html>\n");
    }

    static void WriteFootprints(TrafficReport report, TextWriter writer)
    {
        writer.Write("<h2>Memory over the step's time</h2>\n");
        foreach (var step in report.Steps)
            if (step.Footprint is { Timeline.Count: > 0 } footprint && step.Mode != TrafficMode.LastLayer)
                writer.Write(FootprintChart.Svg($"{TrafficNames.Of(step.Mode)} step", footprint));
    }

    static void WritePair(TextWriter writer, string title, TrafficComparison comparison, Func<StepTraffic, string> draw)
        => writer.Write($"<h2>{title}</h2>\n<div class=\"pair\">\n{draw(comparison.Dense)}"
            + $"{draw(comparison.Frozen)}{draw(comparison.Select)}</div>\n");

    static string ByOperand(StepTraffic step) => Draw(step, row => TrafficNames.Of(row.Operand), TrafficNames.OperandCount);

    static string ByLayer(StepTraffic step) => Draw(step, row => row.Layer, Layers);

    static string Draw(StepTraffic step, Func<TrafficRow, string> key, int most)
    {
        var bars = new SvgBars($"{TrafficNames.Of(step.Mode)} step: {SvgBars.Bytes(step.Totals.Bytes / step.Steps)}", s_directions);
        var groups = step.Rows.GroupBy(key, StringComparer.Ordinal).OrderByDescending(group => group.Sum(row => row.Bytes)).ToArray();
        foreach (var group in groups.Take(most)) Add(group.Key, group);
        if (groups.Length > most) Add($"{groups.Length - most} more", groups.Skip(most).SelectMany(group => group));
        return bars.ToString();

        void Add(string label, IEnumerable<TrafficRow> rows)
        {
            var totals = TrafficTotals.Of(rows);
            bars.Add(label, totals.Read.Bytes / step.Steps, totals.Write.Bytes / step.Steps);
        }
    }
}
