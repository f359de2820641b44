namespace EdgeDropBack.Traffic;

/// <summary>What a replay takes over from elsewhere.</summary>
sealed record ReplayOptions
{
    public int OptimizerFloats { get; init; }

    /// <summary>The gradients' norm is taken before the update.</summary>
    public bool Clips { get; init; }

    /// <summary>Of a select step: untracked weights that pass the threshold.</summary>
    public int Candidates { get; init; }

    /// <summary>Those of them that become tracked.</summary>
    public int Entered { get; init; }

    /// <summary>Micro-batches of the step.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>Floating-point operations of the step.</summary>
    public long Operations { get; init; }
}
