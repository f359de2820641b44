using EdgeDropBack.Cli.Json;
using EdgeDropBack.Store;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What `edb store` shows.</summary>
static class StoreText
{
    public static void Write(Terminal terminal, StoreJson store)
    {
        var console = terminal.Tables();
        new Sheet("", "")
            .Row("store", store.Path)
            .Row("size", $"{Figures.Bytes(store.Bytes)} for {Figures.Count(store.Tracked)} of {Figures.Count(store.Parameters)} weights")
            .Row("SHA-256", store.Sha256)
            .Row("model", SparseStore.Short(store.ModelSha256))
            .Row("trained", $"{store.Mode}, select {store.Select}, score {store.Score}, {store.Optimizer}, {store.Loss}, "
                + $"batch norm {store.BatchNorm}, seed {store.Seed}")
            .Row("steps", $"{Figures.Count(store.Step)} of {Figures.Count(store.TotalSteps)}, batch {store.Batch}, "
                + $"rate {Figures.Number(store.LearningRate)} {store.Schedule}")
            .Row("frozen at", store.FreezeStep < 0 ? "never" : $"step {Figures.Count(store.FreezeStep)}")
            .Row("classes", store.ClassNames is { } names ? string.Join(", ", names) : "not named")
            .Write(console);
        terminal.Out.WriteLine();
        var tensors = new Sheet("tensor", ">weights", ">tracked", ">share");
        foreach (var t in store.Tensors)
            tensors.Row(t.Name, Figures.Count(t.Weights), Figures.Count(t.Tracked),
                Figures.Percent(t.Weights == 0 ? 0 : (double)t.Tracked / t.Weights));
        tensors.Write(console);
    }

    public static void Write(Terminal terminal, StoreListJson list)
    {
        var console = terminal.Tables();
        var sheet = new Sheet(">generation", "file", ">size", ">tracked", ">steps", ">before", ">accuracy", ">retained", "state");
        foreach (var g in list.Generations)
            sheet.Row(g.Number == Generations.PinnedNumber ? "pinned" : $"{g.Number}", g.Path, Figures.Bytes(g.Bytes), g.Tracked is { } k ? Figures.Count(k) : "-",
                g.Step is { } n ? Figures.Count(n) : "-",
                Figures.Percent(g.Before), Figures.Percent(g.Accuracy), Figures.Percent(g.Retained), g.Error is not null ? "damaged" : g.Number == 0 ? "current" : "kept");
        sheet.Write(console);
    }

    public static void Write(Terminal terminal, StoreDiffJson diff)
    {
        if (diff.IsSame)
        {
            terminal.Out.WriteLine("the same tracked weights, bit for bit");
            return;
        }
        var console = terminal.Tables();
        var sheet = new Sheet("tensor", ">only in A", ">only in B", ">same", ">changed", ">largest change");
        foreach (var t in diff.Tensors)
            sheet.Row(t.Name, Figures.Count(t.OnlyInA), Figures.Count(t.OnlyInB), Figures.Count(t.Same), Figures.Count(t.Changed),
                Figures.Number(t.MaxAbsDifference));
        sheet.Write(console);
    }
}
