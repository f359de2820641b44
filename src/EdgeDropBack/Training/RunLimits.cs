namespace EdgeDropBack.Training;

/// <summary>What a run leaves to the board. Only when steps run, and how many, is decided by these, never what a step computes.</summary>
public sealed record RunLimits
{
    /// <summary>Degrees Celsius from which on the run waits until the board has cooled down; null for none.</summary>
    public double? MaxTemperature { get; init; }

    /// <summary>Share of the time that steps may take, above 0 and at most 1; the rest is pauses between steps.</summary>
    public double Duty { get; init; } = 1;

    /// <summary>
    /// Time from the start of the run to its result; null for none. The number of steps is set by it before training starts, from the
    /// time of a few steps; where the board slows down later, training ends at the deadline with the steps done by then.
    /// </summary>
    public TimeSpan? Deadline { get; init; }

    internal void Check()
    {
        if (MaxTemperature is { } celsius && !(celsius is >= 20 and <= 120))
            throw EdbException.Usage(FormattableString.Invariant($"--max-temp is {celsius}, expected 20 to 120 degrees Celsius"));
        if (!(Duty is > 0 and <= 1)) throw EdbException.Usage(FormattableString.Invariant($"--duty is {Duty}, expected above 0 and at most 1"));
        if (Deadline is { } deadline && deadline <= TimeSpan.Zero) throw EdbException.Usage("--deadline is not after the start; give a time such as 10m");
    }
}
