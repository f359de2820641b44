using EdgeDropBack.Cli.Json;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What `edb plan` shows.</summary>
static class PlanText
{
    public static void Write(Terminal terminal, PlanJson plan)
    {
        var console = terminal.Tables();
        terminal.Out.WriteLine($"{Terminal.OneLine(plan.Model)}: {Figures.Count(plan.Budget)} of {Figures.Count(plan.Parameters)} "
            + $"weights tracked, batch {plan.Batch}");
        terminal.Out.WriteLine();
        var memory = new Sheet("memory, without samples", ">bytes");
        foreach (var item in plan.Memory.Plan.Where(item => item.Bytes > 0)) memory.Row(item.Name, Figures.Bytes(item.Bytes));
        memory.Row("planned peak", Figures.Bytes(plan.Memory.PlannedPeakBytes)).Write(console);
        terminal.Out.WriteLine();
        var steps = new Sheet($"a step on {plan.Profile}", ">off-chip", ">weights", ">energy", ">at least", ">arena");
        foreach (var s in plan.Steps)
            steps.Row(s.Mode, Figures.Bytes(s.Traffic.TotalBytes), Figures.Bytes(s.Traffic.WeightBytes),
                Figures.Energy(s.Traffic.EnergyJoules),
                s.RooflineMilliseconds is { } ms ? Figures.Milliseconds(ms) : "-", Figures.Bytes(s.ArenaBytes));
        steps.Row("frozen against dense", Figures.Ratio(plan.Ratio), Figures.Ratio(plan.WeightRatio), "", "", "").Write(console);
    }
}
