using EdgeDropBack.Data;

namespace EdgeDropBack.Training;

/// <summary>How one run trains: the same for every rate that is tried.</summary>
sealed record RunPlan
{
    public required TrainingData Data { get; init; }

    /// <summary>Measured at the end of every epoch where there is patience; null otherwise.</summary>
    public Dataset? HeldOut { get; init; }

    public required int Steps { get; init; }

    public required Schedule Schedule { get; init; }

    public required FreezePolicy Freeze { get; init; }

    public int? Patience { get; init; }

    /// <summary>Told after every step.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    public Action<string>? Log { get; init; }

    public CancellationToken Cancel { get; init; }
}
