using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>Who holds anonymous memory while a personalization trains, in bytes, known before it starts (Law 3).</summary>
static class MemoryPlan
{
    /// <summary>What the native runtime holds by itself: code that is written to, stacks, the collector's own tables.</summary>
    public const long RuntimeBytes = 7L << 20;

    public static IReadOnlyList<MemoryItem> Of(PersonalizeJob job) => Of(job.Session, job.Options, job.DataBytes);

    /// <param name="sampleBytes">What samples and teacher targets take.</param>
    public static IReadOnlyList<MemoryItem> Of(TrainingSession session, PersonalizeOptions options, long sampleBytes)
    {
        var items = new List<MemoryItem>
        {
            new("arena", session.ArenaBytes),
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
                : new("sampled gradients", session.BudgetCount * 4L));
            if (options.Score == ScoreMode.Layer) items.Add(new("gradient survey", GradientSurvey.SliceLength(session) * 4L));
        }
        items.Add(new("last good state", Snapshot.Bytes(session) * (options.Patience is null ? 1 : 2)));
        items.Add(new("runtime", RuntimeBytes));
        return items;
    }
}
