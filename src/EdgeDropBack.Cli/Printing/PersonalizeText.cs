using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What `edb personalize` tells a person.</summary>
static class PersonalizeText
{
    public static void Write(TableOutput console, PersonalizeResult result, NextSteps? next)
    {
        Line(console, $"{(result.Accepted ? "personalized" : "tried to personalize")} {result.Model} "
            + $"in {Figures.Count(result.Steps)} steps of {result.Batch} samples");
        WriteAccuracy(console, result.Accuracy);
        WriteRun(console, result);
        WriteTraffic(console, result);
        if (!result.Accepted || next is null)
        {
            Line(console);
            Line(console, $"not kept: {result.Refusal ?? result.NotWritten[0]}; the store stays as it was");
            return;
        }
        Line(console);
        foreach (var line in next.Lines()) Line(console, line);
    }

    static void WriteAccuracy(TableOutput console, AccuracyFigures accuracy)
    {
        if (accuracy.Before is null && accuracy.RetainBefore is null) return;
        Line(console);
        var sheet = new Sheet(accuracy.Kind == AnswerKind.MultiLabel ? "exact match" : "accuracy", ">before", ">after", ">change");
        if (accuracy.Before is not null)
            sheet.Row("your data", Figures.Percent(accuracy.Before), Figures.Percent(accuracy.After),
                Figures.Change(accuracy.Before, accuracy.After));
        if (accuracy.RetainBefore is not null)
            sheet.Row("what it knew", Figures.Percent(accuracy.RetainBefore), Figures.Percent(accuracy.RetainAfter),
                Figures.Change(accuracy.RetainBefore, accuracy.RetainAfter));
        if (accuracy.Kind == AnswerKind.MultiLabel) Figure("macro F1", accuracy.MacroF1!);
        if (accuracy.Kind == AnswerKind.Binary) Figure("false rejects", accuracy.FalseRejectRate!);
        if (accuracy.Kind == AnswerKind.Binary) Figure("false accepts", accuracy.FalseAcceptRate!);
        sheet.Write(console);

        void Figure(string name, BeforeAfter of) => sheet.Row(name, Figures.Percent(of.Before), Figures.Percent(of.After), Figures.Change(of.Before, of.After));
    }

    static void WriteRun(TableOutput console, PersonalizeResult r)
    {
        Line(console);
        var share = Figures.Percent(r.Parameters == 0 ? 0 : (double)r.Tracked / r.Parameters);
        new Sheet("", "")
            .Row("mode", $"{r.Mode}, select {r.Select}, score {r.Score}, seed {r.Seed}")
            .Row("changed weights", $"{Figures.Count(r.Tracked)} of {Figures.Count(r.Parameters)} ({share})")
            .Row("store", $"{r.Store.Path}, {Figures.Bytes(r.Store.Bytes)}")
            .Row("learning rate", Figures.Number(r.Rate))
            .Row("tracked set fixed", $"{(r.FrozenAt < 0 ? "never" : $"before step {Figures.Count(r.FrozenAt)}")} (--freeze-after {r.FreezeAfter})")
            .Row("exchanged a step", r.Churn is { } churn
                ? $"{Figures.Percent(churn.First)} of the tracked weights in the first epoch, {Figures.Percent(churn.Last)} in the last that selected" : "none")
            .Row("loss", $"{Figures.Number(r.Loss.First)} in the first epoch, {Figures.Number(r.Loss.Last)} in the last")
            .Row("step time", $"{Figures.Milliseconds(r.StepMilliseconds.Median)} median, "
                + $"{Figures.Milliseconds(r.StepMilliseconds.P95)} p95, "
                + $"{r.Threads} threads")
            .Row("peak memory", $"{Figures.Bytes(r.Memory.PlannedPeakBytes)} planned, {Figures.Bytes(r.Memory.PeakResidentBytes)} measured")
            .Write(console);
        if (r.Prefix is { } prefix)
            Line(console, $"frozen: {prefix.Nodes} nodes in {prefix.Runtime}, {Figures.Bytes(prefix.ResidentBytes)} of memory; {Figures.Count(prefix.ComputedSamples)} samples computed, "
                + $"{Figures.Count(prefix.CachedSamples)} from the cache; outside the law of equal bits");
        if (r.Throttled is { } throttled && HeldBack(throttled) is { Length: > 0 } held) Line(console, $"held back: {held}");
        if (r.Skipped.Count > 0) Line(console, $"skipped {r.Skipped.Count} samples: {string.Join("; ", r.Skipped.Take(3))}");
    }

    static string HeldBack(ThrottleFigures t)
    {
        var reasons = new List<string>();
        if (t.CoolingPauses > 0) reasons.Add($"{Figures.Number(Math.Round(t.CoolingSeconds, 1))} s of cooling in {t.CoolingPauses} pauses");
        if (t.HottestCelsius is { } celsius) reasons.Add($"{Figures.Number(Math.Round(celsius, 1))} degrees Celsius at most");
        if (t.DutySeconds > 0) reasons.Add($"{Figures.Number(Math.Round(t.DutySeconds, 1))} s of --duty pauses");
        if (t.DeadlineSteps is { } steps) reasons.Add($"--deadline left room for {Figures.Count(steps)} steps");
        if (t.IsCutByDeadline) reasons.Add("the deadline came before the last step");
        return string.Join("; ", reasons);
    }

    static void WriteTraffic(TableOutput console, PersonalizeResult r)
    {
        Line(console);
        var (traffic, sheet) = (r.Traffic, new Sheet($"off-chip a step, {r.Traffic.Lens} lens, {r.Traffic.Profile}", ">total", ">weights", ">energy"));
        if (traffic.SelectPerStep is { } select && r.FrozenAt >= 0)
        {
            Add($"{r.Mode}, selecting", select);
            Add($"{r.Mode}, frozen", traffic.PerStep);
            if (traffic.EveryLayerPerStep is { } all && all != traffic.PerStep) Add("the same, spread over all layers", all);
        }
        else
        {
            Add(r.Mode, traffic.PerStep);
        }
        Add("last layer only", traffic.LastLayerPerStep);
        Add("dense SGD", traffic.DensePerStep);
        sheet.Row("less than dense SGD", Figures.Ratio(traffic.Ratio), Figures.Ratio(traffic.WeightRatio), "").Write(console);
        if (traffic.FirstTrackedLayer is { } first)
            Line(console, $"the first layer with tracked weights is '{first}': backward after the freeze stops there (`edb plan` spreads them over all layers)");

        void Add(string name, TrafficSummary t) => sheet.Row(name, Figures.Bytes(t.TotalBytes), Figures.Bytes(t.WeightBytes),
            Figures.Energy(t.EnergyJoules));
    }

    static void Line(TableOutput console, string text = "")
    {
        console.Writer.WriteLine(Terminal.OneLine(text));
    }
}
