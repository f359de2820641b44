using System.CommandLine;
using EdgeDropBack.Files;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Tables and pictures from a saved traffic report.</summary>
static class ReportVerb
{
    public static Verb Create(Terminal terminal)
    {
        var report = new Argument<string>("REPORT") { Description = "What personalize --report saved" };
        var html = new Option<string?>("--html") { HelpName = "FILE", Description = "Write a page with pictures" };
        var trace = new Option<string?>("--trace") { HelpName = "FILE", Description = "Write a trace that Chrome and Perfetto open" };
        var csv = new Option<bool>("--csv") { Description = "Every row as CSV" };
        var rows = new Setting<int>("--rows", "N", "12", "Rows of the table", Values.Int("--rows", 1));
        var verb = new Verb("report", "Tables and pictures from a saved traffic report; --json prints it as it is.",
            "report traffic.json", "report traffic.json --html traffic.html", "report traffic.json --trace trace.json", "report traffic.json --csv",
                "report diff monday.json tuesday.json");
        return verb.Takes(report, html, trace, csv, rows, Diff(terminal)).Does(parse =>
        {
            new FileRoles().Reads("REPORT", parse.GetValue(report)).Writes("--html", parse.GetValue(html)).Writes("--trace", parse.GetValue(trace)).Check();
            var loaded = TrafficReport.Load(parse.GetValue(report)!);
            if (parse.GetValue(html) is { } path) AtomicFile.Write(path, file => WriteHtml(loaded, file));
            if (parse.GetValue(trace) is { } events) AtomicFile.Write(events, file => TrafficTrace.Write(loaded, file));
            if (verb.IsJson(parse)) terminal.Out.WriteLine(loaded.ToJson());
            else if (parse.GetValue(csv)) TrafficText.WriteCsv(loaded, terminal.Out);
            else if ((parse.GetValue(html) ?? parse.GetValue(trace)) is { } written) terminal.Out.WriteLine(written);
            else TrafficText.Write(loaded, terminal.Out, rows.In(parse));
            return 0;
        });
    }

    static Verb Diff(Terminal terminal)
    {
        var a = new Argument<string>("A") { Description = "A report" };
        var b = new Argument<string>("B") { Description = "Another one" };
        var rows = new Setting<int>("--rows", "N", "30", "Rows of the table", Values.Int("--rows", 1));
        var verb = new Verb("diff", "What differs between two reports, largest first.", "report diff monday.json tuesday.json");
        return verb.Takes(a, b, rows).Does(parse =>
        {
            var diff = TrafficDiff.Compare(TrafficReport.Load(parse.GetValue(a)!), TrafficReport.Load(parse.GetValue(b)!));
            if (verb.IsJson(parse)) terminal.Out.WriteLine(diff.ToJson());
            else TrafficText.Write(diff, terminal.Out, rows.In(parse));
            return 0;
        });
    }

    static void WriteHtml(TrafficReport report, Stream file)
    {
        using var writer = new StreamWriter(file, leaveOpen: true);
        TrafficHtml.Write(report, writer);
    }
}
