namespace EdgeDropBack.Devices;

/// <summary>The measured lens: what hardware counters say of this process's threads.</summary>
/// <param name="Unavailable">Why there is none; null where there is.</param>
/// <param name="Events">Counts a step, by event; empty where there are none.</param>
public sealed record MeasuredTraffic(string? Unavailable, IReadOnlyList<MeasuredEvent> Events)
{
    public override string ToString() => Unavailable is { } reason
        ? $"not available: {reason}"
        : string.Join(", ", Events.Select(e => $"{e.Name} {e.PerStep:0}"));
}

/// <param name="PerStep">Lines a step, the mean of the steps measured.</param>
public sealed record MeasuredEvent(string Name, double PerStep);
