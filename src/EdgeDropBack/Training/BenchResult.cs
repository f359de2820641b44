using EdgeDropBack.Devices;

namespace EdgeDropBack.Training;

/// <summary>What `edb bench` measured; its JSON.</summary>
sealed record BenchResult
{
    public required string Model { get; init; }

    public required string Mode { get; init; }

    public required int Batch { get; init; }

    /// <summary>Micro-batches of a step.</summary>
    public required int MicroBatches { get; init; }

    /// <summary>Nodes that run forward twice, to stay within a memory limit.</summary>
    public required int RecomputedNodes { get; init; }

    public required int Threads { get; init; }

    /// <summary>Where untracked weights came from.</summary>
    public required string Base { get; init; }

    /// <summary>Micro-kernel in use.</summary>
    public required string Kernels { get; init; }

    public required int Steps { get; init; }

    public required int Warmup { get; init; }

    /// <summary>Select steps, those before the ones that count among them, that were computed twice because their threshold was too high.</summary>
    public required int StepsRunAgain { get; init; }

    public required long Parameters { get; init; }

    /// <summary>Weights that a step updates.</summary>
    public required long Tracked { get; init; }

    /// <summary>Times of the steps without instruments.</summary>
    public required TimeFigures StepMilliseconds { get; init; }

    /// <summary>Processor time of a step, all threads together: what other programs on the machine do not add to.</summary>
    public required double CpuMilliseconds { get; init; }

    public required BenchMemory Memory { get; init; }

    /// <summary>Fused multiply-adds that this core reached just after the steps, in GFLOP/s (two a multiply-add).</summary>
    public required double PeakGigaflops { get; init; }

    /// <summary>What hardware counters say of the steps that count.</summary>
    public required MeasuredTraffic Measured { get; init; }

    /// <summary>A step's fills and write-backs on <see cref="BenchOptions.Profile"/>; null without one.</summary>
    public BenchTraffic? Modelled { get; init; }

    /// <summary>Null unless asked for.</summary>
    public MeteringCost? Metering { get; init; }

    /// <summary>From a second, instrumented pass of the same steps; null where it was left out.</summary>
    public required IReadOnlyList<BenchLayer>? Layers { get; init; }

    /// <summary>Loss, selection and update, from the same pass as <see cref="Layers"/>.</summary>
    public required double? OtherMilliseconds { get; init; }
}
