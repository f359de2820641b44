namespace EdgeDropBack.Training;

/// <summary>What <see cref="Bench"/> measures. The defaults are those of `edb bench`.</summary>
sealed record BenchOptions
{
    public required string Model { get; init; }

    public BenchMode Mode { get; init; } = BenchMode.Frozen;

    /// <summary>Samples a step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Samples in memory at once, for frozen steps; 0 for the whole batch.</summary>
    public int MicroBatch { get; init; }

    /// <summary>Planned peak memory in bytes that must not be exceeded.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Worker threads; 0 for the performance cores.</summary>
    public int Threads { get; init; }

    /// <summary>Tracked weights, for select and frozen steps.</summary>
    public Budget Budget { get; init; } = Budget.Default;

    /// <summary>What untracked weights are; not for dense steps.</summary>
    public BaseOverride Base { get; init; }

    /// <summary>Steps that count.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>Steps before them.</summary>
    public int Warmup { get; init; } = 10;

    /// <summary>Whether the same steps are run once more for each layer's time.</summary>
    public bool Layers { get; init; } = true;

    /// <summary>Whether the same number of steps is taken with and without counting, in turn.</summary>
    public bool Metering { get; init; }

    /// <summary>A device profile: the step is accounted for by the modelled lens too, with the tracked weights as they lie at the end.</summary>
    public string? Profile { get; init; }

    public uint Seed { get; init; } = 1;

    /// <summary>Shape of one sample, where the model leaves it open.</summary>
    public int[]? SampleShape { get; init; }
}
