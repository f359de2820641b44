using System.Globalization;
using EdgeDropBack.Devices;

namespace EdgeDropBack.Traffic;

/// <summary>Reports as text for people and as CSV for tables.</summary>
static class TrafficText
{
    /// <summary>Header, comparison, the largest rows of each kind of step and its total, footprint.</summary>
    /// <param name="rows">Rows to print of each kind of step.</param>
    public static void Write(TrafficReport report, TextWriter writer, int rows = 12)
    {
        WriteHeader(report.Header, writer);
        foreach (var lens in report.Lenses) WriteComparison(report, lens, writer);
        WriteThesis(report, writer);
        if (report.Measured is { } measured) writer.WriteLine($"measured lens, lines a step: {measured}");
        foreach (var step in report.Steps)
            if (step.Mode is TrafficMode.Select or TrafficMode.Frozen || step.Origin == StepTraffic.Counted) WriteStep(step, writer, rows);
        if (report.Steps.FirstOrDefault(step => step.Footprint is not null && step.Mode == TrafficMode.Frozen) is { } frozen)
            WriteFootprint(frozen, writer, rows);
    }

    /// <summary>One line a row: lens, origin, mode, phase, layer, operand, then the numbers.</summary>
    public static void WriteCsv(TrafficReport report, TextWriter writer)
    {
        writer.Write("lens,origin,mode,steps,phase,layer,operand,read_elements,read_bytes,read_lines,"
            + "write_elements,write_bytes,write_lines,regenerated_elements,avoided_bytes\n");
        foreach (var step in report.Steps)
            foreach (var row in step.Rows)
                writer.Write(string.Create(CultureInfo.InvariantCulture,
                    $"{step.Lens},{step.Origin},{TrafficNames.Of(step.Mode)},{step.Steps},{TrafficNames.Of(row.Phase)},{Quoted(row.Layer)},"
                    + $"{TrafficNames.Of(row.Operand)},{row.Read.Elements},{row.Read.Bytes},{row.Read.Lines},{row.Write.Elements},"
                    + $"{row.Write.Bytes},{row.Write.Lines},{row.Regenerated.Elements},{row.Regenerated.AvoidedBytes}\n"));
    }

    public static void Write(TrafficDiff diff, TextWriter writer, int rows = 30)
    {
        if (diff.IsEmpty) writer.WriteLine("no row differs");
        else writer.WriteLine($"{"mode",-10} {"phase",-15} {"operand",-19} {"a",14} {"b",14} {"change",14}  layer (bytes a step)");
        foreach (var line in diff.Lines.Take(rows))
            writer.WriteLine($"{TrafficNames.Of(line.Mode),-10} {TrafficNames.Of(line.Phase),-15} {TrafficNames.Of(line.Operand),-19} "
                + $"{Number(line.BytesA),14} {Number(line.BytesB),14} {Number(line.Change),14}  {line.Layer}");
        if (diff.Lines.Count > rows) writer.WriteLine($"... and {diff.Lines.Count - rows} more rows");
    }

    internal static void WriteHeader(TrafficHeader h, TextWriter writer)
    {
        writer.WriteLine($"traffic report, edb {h.Version}");
        writer.WriteLine($"  model    {h.Model}  sha256 {Short(h.ModelHash)}  {Number(h.Parameters)} weights, base {h.BaseKind}");
        writer.WriteLine($"  step     batch {h.Batch}, budget {Number(h.Budget)}, seed {h.Seed}, select {h.Select}, "
            + $"{h.OptimizerFloats} floats of optimizer state a weight");
        writer.WriteLine($"  profile  {h.Profile}  sha256 {Short(h.ProfileHash)}  {h.Threads} threads");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  energy   {h.EnergyLow} / {h.EnergyCentral} / {h.EnergyHigh} {h.EnergyUnit} (low / central / high): {h.EnergySource}"));
        writer.WriteLine($"  lens     {StepTraffic.Algorithmic}: each operand once in a phase, whatever the cache");
        writer.WriteLine($"  lens     {StepTraffic.Modelled}: {h.CacheRules}");
        if (h.Prefix is { } prefix) writer.WriteLine($"  prefix   {prefix}");
    }

    static void WriteComparison(TrafficReport report, string lens, TextWriter writer)
    {
        if (report.Comparison(lens) is not { } comparison) return;
        writer.WriteLine();
        writer.WriteLine($"a step by the {lens} lens, bytes");
        writer.WriteLine($"{"",-14} {"total",14} {"weights",13} {"activations",13} {"scratch",11} {"dense/this",10} {"weights",8} "
            + $"{"energy uJ",18} {"time >=",10}");
        foreach (var step in comparison.Steps)
            writer.WriteLine($"{TrafficNames.Of(step.Mode),-14} {Number(step.Totals.Bytes),14} {Number(step.Totals.WeightBytes),13} "
                + $"{Number(step.Totals.ActivationBytes),13} {Number(step.Totals.BufferBytes),11} {Ratio(comparison.Ratio(step)),10} {Ratio(comparison.WeightRatio(step)),8} "
                + $"{Energy(step.Cost),18} {Time(step.Cost),10}");
    }

    static void WriteThesis(TrafficReport report, TextWriter writer)
    {
        writer.WriteLine("ratios are dense bytes over this step's, of everything and of weights alone: DropBack never shrinks activations");
        if (!report.Header.BaseKind.Contains("regenerated", StringComparison.Ordinal) && report.Header.BaseKind != "zero")
            writer.WriteLine("the base is read from the model file, so reads of weights stay dense: what vanishes is weight writes, "
                + "the dense gradient and the optimizer state");
        var dense = report.Thesis.FirstOrDefault(t => t.Mode == TrafficMode.Dense);
        foreach (var thesis in report.Thesis)
            if (dense is not null && thesis.Mode != TrafficMode.Dense)
                writer.WriteLine($"thesis' count, {TrafficNames.Of(thesis.Mode)}: {Number(thesis.Total)} off-chip weight accesses against "
                    + $"{Number(dense.Total)} dense, {Ratio(thesis.Total == 0 ? 0 : (double)dense.Total / thesis.Total)}");
    }

    static void WriteStep(StepTraffic step, TextWriter writer, int rows)
    {
        writer.WriteLine();
        var over = step.Steps == 1 ? "" : $", sum of {Number(step.Steps)} steps";
        writer.WriteLine($"{TrafficNames.Of(step.Mode)} step, {step.Lens} lens, {step.Origin}{over}");
        writer.WriteLine($"  {"phase",-15} {"operand",-19} {"read",13} {"written",13} {"lines",11} {"regenerated",11}  layer");
        foreach (var row in step.Rows.OrderByDescending(row => row.Bytes).Take(rows))
            writer.WriteLine($"  {TrafficNames.Of(row.Phase),-15} {TrafficNames.Of(row.Operand),-19} {Number(row.Read.Bytes),13} "
                + $"{Number(row.Write.Bytes),13} {Number(row.Read.Lines + row.Write.Lines),11} "
                + $"{Number(row.Regenerated.Elements),11}  {row.Layer}");
        if (step.Rows.Count > rows) writer.WriteLine($"  ... and {step.Rows.Count - rows} more rows");
        var t = step.Totals;
        writer.WriteLine($"  {"total",-35} {Number(t.Read.Bytes),13} {Number(t.Write.Bytes),13} {Number(t.Read.Lines + t.Write.Lines),11} "
            + $"{Number(t.Regenerated.Elements),11}  {Number(t.Regenerated.AvoidedBytes)} bytes avoided");
    }

    static void WriteFootprint(StepTraffic step, TextWriter writer, int rows)
    {
        var f = step.Footprint!;
        writer.WriteLine();
        writer.WriteLine($"memory of a {TrafficNames.Of(step.Mode)} step: {Number(f.TotalBytes)} bytes, arena {Number(f.ArenaBytes)}; "
            + $"peak {Number(f.PeakLiveBytes)} at {f.PeakAt}");
        foreach (var item in f.Outside.Concat(f.Holders).Take(rows))
            writer.WriteLine($"  {Number(item.Bytes),13}  {item.Use,-10} {item.Name}");
    }

    static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    static string Ratio(double value) => value == 0 ? "-" : value.ToString(value < 10 ? "0.00'x'" : "0.0'x'", CultureInfo.InvariantCulture);

    static string Energy(TrafficCost? cost) => cost is { EnergyJoules: EnergyRange e }
        ? string.Create(CultureInfo.InvariantCulture, $"{e.Low * 1e6:0}/{e.Central * 1e6:0}/{e.High * 1e6:0}") : "-";

    static string Time(TrafficCost? cost) => cost?.RooflineSeconds is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.00} ms") : "-";

    static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;

    static string Quoted(string text)
        => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
