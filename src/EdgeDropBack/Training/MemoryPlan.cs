using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>Who holds anonymous memory while a personalization trains, in bytes, known before it starts (Law 3).</summary>
static class MemoryPlan
{
    /// <summary>What the native runtime holds by itself: code that is written to, stacks, the collector's own tables.</summary>
    public const long RuntimeBytes = 7L << 20;

    const string Arena = "arena";

    public static IReadOnlyList<MemoryItem> Of(PersonalizeJob job) => Of(job.Session, job.Options, job.DataBytes);

    /// <param name="sampleBytes">What samples and teacher targets take.</param>
    public static IReadOnlyList<MemoryItem> Of(TrainingSession session, PersonalizeOptions options, long sampleBytes)
    {
        var items = new List<MemoryItem>
        {
            new(Arena, session.ArenaBytes),
            new("samples", sampleBytes),
            new("packing buffers", session.Workers.ScratchBytes),
        };
        if (session.Prefix is { } prefix) items.Add(new($"frozen part in {prefix.Runtime}", prefix.ResidentBytes));
        var slots = new Optimizer(session.Options.Optimizer, session.Options.Momentum).Slots;
        if (session.Options.Mode == TrainingMode.Dense)
        {
            var weights = session.Graph.ParameterCount * sizeof(float);
            items.Add(new("dense weights", weights));
            items.Add(new("dense gradients", weights));
            items.Add(new("dense optimizer state", weights * slots));
        }
        else
        {
            var selects = session.Options.Mode == TrainingMode.DropBack && options.Select != SelectMode.Once;
            items.Add(new("tracked weights", session.BudgetCount * (6L + 4 * slots) * (selects ? 2 : 1)));
            items.Add(selects
                ? new("selection", TopKSelector.Bytes(session.BudgetCount, session.Workers.Count, slots))
                : new("sampled gradients", session.BudgetCount * (session.Passes > 1 ? 8L : 4L)));
            if (options.Score == ScoreMode.Layer) items.Add(new("gradient survey", GradientSurvey.SliceLength(session) * 4L));
        }
        items.Add(new("last good state", Snapshot.Bytes(session) * (options.Patience is null ? 1 : 2)));
        items.Add(new("runtime", RuntimeBytes));
        return items;
    }

    /// <summary>Makes a session stay within a limit by computing activations again; its training begins anew.</summary>
    /// <param name="from">What that begins from.</param>
    /// <param name="measured">Packing buffers are grown by a pass over nothing, so that they are planned with.</param>
    /// <returns>The planned peak: more than the limit where no recomputation fits.</returns>
    public static long Fit(TrainingSession session, PersonalizeOptions options, long sampleBytes, SparseStore? from, bool measured)
    {
        var planned = Fit(session, options, sampleBytes, from);
        if (options.MemoryLimit is null || !measured) return planned;
        session.GrowPackingBuffers();
        return Fit(session, options, sampleBytes, from);
    }

    static long Fit(TrainingSession session, PersonalizeOptions options, long sampleBytes, SparseStore? from)
    {
        var others = Of(session, options, sampleBytes).Where(item => item.Name != Arena).Sum(item => item.Bytes);
        return others + session.FitArena((options.MemoryLimit ?? long.MaxValue) - others, from);
    }

    /// <summary>What a limit below the least that can be planned is refused with.</summary>
    /// <param name="micro">Micro-batches are possible.</param>
    public static EdbException Below(long limit, long least, int batch, bool micro = false) => EdbException.Usage(
        $"--memory-limit is {limit}, and the least that this can be planned with is {least} bytes; give --memory-limit {least}"
            + (batch > 1 ? $", or a smaller --batch than {batch}{(micro ? ", or a --micro-batch" : "")}" : ", or take a smaller model or --budget"));
}
