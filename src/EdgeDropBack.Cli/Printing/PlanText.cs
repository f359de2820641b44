using EdgeDropBack.Cli.Json;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What `edb plan` shows.</summary>
static class PlanText
{
    public static void Write(Terminal terminal, PlanJson plan)
    {
        var console = terminal.Tables();
        terminal.Out.WriteLine($"{Terminal.OneLine(plan.Model)}: {Figures.Count(plan.Budget)} of {Figures.Count(plan.Parameters)} "
            + $"weights tracked, base {plan.Base}, batch {plan.Batch}");
        terminal.Out.WriteLine();
        var memory = new Sheet("memory, without samples", ">bytes");
        foreach (var item in plan.Memory.Plan.Where(item => item.Bytes > 0)) memory.Row(item.Name, Figures.Bytes(item.Bytes));
        memory.Row("planned peak", Figures.Bytes(plan.Memory.PlannedPeakBytes)).Write(console);
        terminal.Out.WriteLine();
        if (plan.Recomputation is { } again)
        {
            terminal.Out.WriteLine($"to stay within the limit {again.Nodes} nodes run forward twice before the freeze: {Figures.Count(again.Operations)} operations "
                + $"more a step, at least {Time(again.Milliseconds)} instead of {Time(again.UnlimitedMilliseconds)}");
            terminal.Out.WriteLine();
        }
        WriteSteps(console, $"a step on {plan.Profile}, algorithmic lens", plan, s => s.Traffic, s => s.RooflineMilliseconds);
        terminal.Out.WriteLine("backward after the freeze stops at the first layer with tracked weights, which training chooses; `edb personalize` prints where");
        if (plan.Prefix is { } prefix) terminal.Out.WriteLine($"frozen part: {Terminal.OneLine(prefix)}");
        if (plan.Steps.Any(s => s.Modelled is null)) return;
        terminal.Out.WriteLine();
        WriteSteps(console, $"a step on {plan.Profile}, modelled lens", plan, s => s.Modelled!, s => s.ModelledMilliseconds);
    }

    /// <summary>A line for each device or budget.</summary>
    public static void Write(Terminal terminal, PlanLinesJson plan, bool byBudget)
    {
        terminal.Out.WriteLine($"{Terminal.OneLine(plan.Model)}: batch {plan.Batch}, {Figures.Count(plan.Parameters)} trainable weights; "
            + "off-chip bytes of a step, and those of weights alone");
        terminal.Out.WriteLine();
        var sheet = new Sheet(byBudget ? "tracked" : "device", ">memory", ">dense", ">weights", ">selecting", ">weights", ">frozen", ">weights",
            ">energy", ">at least");
        foreach (var line in plan.Lines)
            sheet.Row((byBudget ? Figures.Count(line.Budget) : line.Profile) + (line.Lens == StepTraffic.Modelled ? "" : "*"),
                line.Fits ? Figures.Bytes(line.PlannedPeakBytes) : "too much", Figures.Bytes(line.Dense.TotalBytes), Figures.Bytes(line.Dense.WeightBytes),
                Figures.Bytes(line.Select.TotalBytes), Figures.Bytes(line.Select.WeightBytes), Figures.Bytes(line.Frozen.TotalBytes),
                Figures.Bytes(line.Frozen.WeightBytes), Figures.Energy(line.Frozen.EnergyJoules),
                line.FrozenMilliseconds is { } ms ? Figures.Milliseconds(ms) : "-");
        sheet.Write(terminal.Tables());
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("bytes by the modelled lens, by the algorithmic one where marked *; energy and least time of a frozen step, "
            + "with tracked weights spread over all layers");
    }

    static void WriteSteps(TableOutput console, string title, PlanJson plan, Func<PlanStepJson, TrafficSummary> traffic, Func<PlanStepJson, double?> time)
    {
        var steps = new Sheet(title, ">off-chip", ">weights", ">energy", ">at least", ">arena");
        foreach (var s in (PlanStepJson[])[.. plan.Steps.Take(2), plan.FrozenInLastLayers, .. plan.Steps.Skip(2)])
            steps.Row(s.Mode, Figures.Bytes(traffic(s).TotalBytes), Figures.Bytes(traffic(s).WeightBytes), Figures.Energy(traffic(s).EnergyJoules),
                time(s) is { } ms ? Figures.Milliseconds(ms) : "-", Figures.Bytes(s.ArenaBytes));
        var (dense, frozen) = (traffic(plan.Steps[3]), traffic(plan.Steps[1]));
        steps.Row("dense over frozen, spread", Quotient(dense.TotalBytes, frozen.TotalBytes), Quotient(dense.WeightBytes, frozen.WeightBytes), "", "", "")
            .Write(console);
    }

    static string Time(double? milliseconds) => milliseconds is { } ms ? Figures.Milliseconds(ms) : "-";

    static string Quotient(long dense, long frozen) => frozen == 0 ? "-" : Figures.Ratio((double)dense / frozen);
}
