using EdgeDropBack.Planning;

namespace EdgeDropBack.Traffic;

/// <summary>Memory that a step holds: the arena with its worst moment, and what lies outside of it.</summary>
/// <param name="ArenaBytes">Length of the arena.</param>
/// <param name="PeakLiveBytes">Most bytes of the arena that are needed at once; the arena is longer by what alignment and gaps
/// take.</param>
/// <param name="PeakAt">When that is.</param>
/// <param name="Holders">Who holds them then, the largest first.</param>
/// <param name="Outside">Memory beside the arena, by name.</param>
/// <param name="Timeline">Live bytes of the arena at each moment of the step, in order.</param>
public sealed record Footprint(
    long ArenaBytes, long PeakLiveBytes, string PeakAt, IReadOnlyList<FootprintItem> Holders, IReadOnlyList<FootprintItem> Outside,
    IReadOnlyList<FootprintItem> Timeline)
{
    public long TotalBytes => ArenaBytes + Outside.Sum(item => item.Bytes);

    /// <param name="outside">Memory beside the arena: tracked set, collectors, dense copies.</param>
    internal static Footprint Of(TrainingPlan plan, params IReadOnlyList<FootprintItem> outside)
    {
        var buffers = plan.Buffers.Where(b => b.IsUsed).ToArray();
        var end = buffers.Length == 0 ? 0 : buffers.Max(b => b.To) + 1;
        var change = new long[end + 1];
        foreach (var buffer in buffers)
        {
            change[buffer.From] += buffer.Floats;
            change[buffer.To + 1] -= buffer.Floats;
        }
        long live = 0, peak = 0;
        var at = 0;
        var timeline = new List<FootprintItem>();
        var moments = Moments(plan);
        for (var time = 0; time < end; time++)
        {
            live += change[time];
            if (live > peak) (peak, at) = (live, time);
            if (moments.TryGetValue(time, out var moment)) timeline.Add(new(moment.Name, moment.Use, live * sizeof(float)));
        }
        var holders = buffers.Where(b => b.From <= at && at <= b.To && b.Floats > 0).OrderByDescending(b => b.Floats)
            .ThenBy(b => b.Name, StringComparer.Ordinal)
            .Select(b => new FootprintItem(b.Name, Name(b.Use), b.Floats * (long)sizeof(float)));
        return new Footprint(plan.ArenaBytes, peak * sizeof(float), moments.TryGetValue(at, out var peakAt) ? peakAt.Name : "loss", [.. holders], [.. outside],
            timeline);
    }

    static Dictionary<int, (string Name, string Use)> Moments(TrainingPlan plan)
    {
        var loss = plan.LossInput is { } input ? plan.GradientBuffers[input.Id]!.From : int.MaxValue / 2;
        var moments = new Dictionary<int, (string, string)>();
        foreach (var node in plan.Backward) moments[node.BackwardTime] = ($"backward of {node.Node.Name}", "backward");
        foreach (var node in plan.Forward.Concat(plan.Recomputed)) moments[node.ForwardTime] = ($"forward of {node.Node.Name}", "forward");
        if (plan.LossInput is not null) moments[loss] = ("loss", "loss");
        return moments;
    }

    static string Name(BufferUse use) => use switch
    {
        BufferUse.Input => "input",
        BufferUse.Activation => "activation",
        BufferUse.Gradient => "gradient",
        BufferUse.Saved => "saved",
        _ => "workspace",
    };
}
