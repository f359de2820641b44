using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>What a personalization did: the fields of `edb personalize --json`.</summary>
public sealed record PersonalizeResult
{
    public required string Model { get; init; }

    /// <summary>Weights that lead to the trained output.</summary>
    public required long Parameters { get; init; }

    /// <summary>The output that was trained.</summary>
    public string Output { get; init; } = "";

    /// <summary>Weights stored.</summary>
    public required int Tracked { get; init; }

    public required int Budget { get; init; }

    /// <summary>Steps of the final training.</summary>
    public required int Steps { get; init; }

    public required int Batch { get; init; }

    public required int Threads { get; init; }

    public required uint Seed { get; init; }

    public required string Mode { get; init; }

    public required string Select { get; init; }

    public required string Score { get; init; }

    /// <summary>The learning rate used.</summary>
    public required float Rate { get; init; }

    /// <summary>Step before which the tracked set was fixed; -1 for never.</summary>
    public required int FrozenAt { get; init; }

    /// <summary>Null where no step selected.</summary>
    public ChurnFigures? Churn { get; init; }

    /// <summary>Rule by which the tracked set was to be fixed: "auto", "never", steps, or epochs such as "5e".</summary>
    public required string FreezeAfter { get; init; }

    /// <summary>Factor a step on the base; 1 for none.</summary>
    public double InitDecay { get; init; } = 1;

    /// <summary>What was left of the base in the end: 0 where it is gone.</summary>
    public double BaseFactor { get; init; } = 1;

    public required LossFigures Loss { get; init; }

    public required AccuracyFigures Accuracy { get; init; }

    public required TimeFigures StepMilliseconds { get; init; }

    /// <summary>Of the steps of each whole epoch: what a cache of a frozen prefix saves shows here.</summary>
    public IReadOnlyList<double> EpochMilliseconds { get; init; } = [];

    public required MemoryFigures Memory { get; init; }

    public required StoreFigures Store { get; init; }

    public required TrafficFigures Traffic { get; init; }

    /// <summary>What was frozen and run elsewhere; null where nothing was.</summary>
    public PrefixFigures? Prefix { get; init; }

    /// <summary>What held the run back; null where nothing could.</summary>
    public ThrottleFigures? Throttled { get; init; }

    /// <summary>Samples named and left out.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>Remarks on the data: ignored files, a likely missing scale, what was tolerated in files.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>False: the accept rule did not hold, or the store could not be written; the previous store stays.</summary>
    public required bool Accepted { get; init; }

    /// <summary>Why the result was not kept; null where it was.</summary>
    public string? Refusal { get; init; }

    /// <summary>
    /// Files that could not be written when the run had ended, each as a line with the reason; a store among them is not accepted, and its
    /// checkpoint stays for --resume.
    /// </summary>
    public IReadOnlyList<string> NotWritten { get; init; } = [];
}

/// <summary>Mean loss over the first and the last epoch.</summary>
public sealed record LossFigures(double First, double Last);

/// <summary>Share of the tracked weights that a selecting step exchanged, on average over the first epoch and over the last with such steps.</summary>
public sealed record ChurnFigures(double First, double Last);

/// <summary>Shares of right answers; retention is null where it was not measured, and accuracy where the loss has none.</summary>
public sealed record AccuracyFigures(double? Before, double? After, double? RetainBefore, double? RetainAfter)
{
    /// <summary>What the user's shares are of; null where the loss has none.</summary>
    public AnswerKind? Kind { get; init; }

    /// <summary>What the retention data's shares are of; null where they were not measured.</summary>
    public AnswerKind? RetainKind { get; init; }

    /// <summary>Mean F1 over the classes of the user's data, as <see cref="Evaluation.MacroF1"/>.</summary>
    public BeforeAfter? MacroF1 { get; init; }

    /// <summary>Of the user's data, as <see cref="Evaluation.FalseRejectRate"/>.</summary>
    public BeforeAfter? FalseRejectRate { get; init; }

    /// <summary>Of the user's data, as <see cref="Evaluation.FalseAcceptRate"/>.</summary>
    public BeforeAfter? FalseAcceptRate { get; init; }
}

/// <summary>A figure of the same data before and after a training; null where it has none.</summary>
public sealed record BeforeAfter(double? Before, double? After);

public sealed record TimeFigures(double Median, double P95);

/// <summary>Bytes.</summary>
/// <param name="PlannedPeakBytes">Anonymous memory that was planned before the first step.</param>
/// <param name="PeakResidentBytes">Highest resident memory of the process, mapped files included.</param>
public sealed record MemoryFigures(long PlannedPeakBytes, long PeakResidentBytes, IReadOnlyList<MemoryItem> Plan)
{
    /// <summary>Anonymous resident memory (RssAnon) when training ended: what the plan foretold.</summary>
    public long AnonymousBytes { get; init; }
}

/// <summary>One holder of planned memory.</summary>
public sealed record MemoryItem(string Name, long Bytes);

/// <summary>A frozen prefix, whose outputs are outside the law of equal bits; it holds given <paramref name="CacheSha256"/>.</summary>
/// <param name="TrainFrom">The cut, as --train-from takes it.</param>
/// <param name="Values">What the suffix reads of it.</param>
/// <param name="RunBatch">Samples in one run.</param>
/// <param name="ComputedSamples">Samples that were computed, again and again without a cache.</param>
/// <param name="CachedSamples">Samples that were read from the cache.</param>
/// <param name="CacheSha256">Of all outputs that the cache holds; null without one.</param>
/// <param name="ResidentBytes">Anonymous memory of the runtime, its arena included, as measured after its first run.</param>
public sealed record PrefixFigures(string TrainFrom, string Runtime, int Nodes, IReadOnlyList<string> Values, int RunBatch, long ComputedSamples,
    long CachedSamples, string? CachePath, long CacheBytes, string? CacheSha256, int DamagedRecords, long ResidentBytes)
{
    /// <summary>Whether equal runs give equal bits on every machine: not so where another runtime computes a part.</summary>
    public bool InsideBitLaw { get; } = false;
}

public sealed record StoreFigures(string Path, long Bytes, string Sha256);

/// <summary>Bytes a step by the algorithmic lens.</summary>
/// <param name="Profile">Device.</param>
/// <param name="Lens">"algorithmic".</param>
/// <param name="PerStep">Of the steps after the freeze, or of selecting steps where there was none.</param>
/// <param name="SelectPerStep">Of the steps before the freeze; null where there are none.</param>
/// <param name="DensePerStep">Of dense SGD.</param>
/// <param name="LastLayerPerStep">Of training the last layer only.</param>
/// <param name="Ratio">Dense over <paramref name="PerStep"/>, total bytes.</param>
/// <param name="WeightRatio">The same for weights alone.</param>
public sealed record TrafficFigures(string Profile, string Lens, TrafficSummary PerStep, TrafficSummary? SelectPerStep, TrafficSummary DensePerStep,
    TrafficSummary LastLayerPerStep, double Ratio, double WeightRatio)
{
    /// <summary>The first layer with tracked weights, where the backward pass of a step after the freeze stops; null where all weights are trained
    /// or none are tracked.</summary>
    public string? FirstTrackedLayer { get; init; }

    /// <summary>A step after the freeze with tracked weights spread over all layers by size, as a plan assumes before training has chosen them; null likewise.</summary>
    public TrafficSummary? EveryLayerPerStep { get; init; }
}
