using EdgeDropBack.Data;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>Everything `edb personalize` takes; see its help for the meaning of each option.</summary>
public sealed record PersonalizeOptions
{
    /// <summary>The pretrained ONNX file.</summary>
    public required string Model { get; init; }

    /// <summary>The user's samples: .npz, .npy pair, IDX, CSV, or a folder of images.</summary>
    public required string Data { get; init; }

    /// <summary>What the user's accuracy is measured on; without it a fifth of <see cref="Data"/> is held out.</summary>
    public string? Test { get; init; }

    /// <summary>Where forgetting is measured.</summary>
    public string? Retain { get; init; }

    /// <summary>Old samples mixed into training, against forgetting.</summary>
    public string? Replay { get; init; }

    /// <summary>File with class names in output order.</summary>
    public string? Labels { get; init; }

    /// <summary>Replace the last layer, from the seed, by one for the classes of the data.</summary>
    public bool NewHead { get; init; }

    public PreprocessingOptions Preprocessing { get; init; } = new();

    public SessionOptions Session { get; init; } = new();

    /// <summary>Learning rate; null tries three on held-out data.</summary>
    public float? Rate { get; init; }

    public Schedule Schedule { get; init; } = Schedule.Cosine;

    /// <summary>Random changes to the images that are trained on.</summary>
    public Augmentation Augment { get; init; } = Augmentation.None;

    public int Epochs { get; init; } = 20;

    /// <summary>Steps instead of epochs.</summary>
    public int? Steps { get; init; }

    /// <summary>Epochs without a better held-out loss until training ends; null trains to the end.</summary>
    public int? Patience { get; init; }

    /// <summary>The outputs of the model that the run starts from (base, or base with --from) are the replay samples' targets; null: yes where there are any.</summary>
    public bool? Distill { get; init; }

    public FreezePolicy Freeze { get; init; } = FreezePolicy.Auto;

    public ScoreMode Score { get; init; } = ScoreMode.Layer;

    public SelectMode Select { get; init; } = SelectMode.Exact;

    /// <summary>The tracked set is fixed before the first step.</summary>
    internal bool StartsFrozen => Session.Mode is TrainingMode.LastLayer or TrainingMode.Bias
        || (Session.Mode == TrainingMode.DropBack && Select == SelectMode.Once);

    /// <summary>Device whose traffic, time and energy are reported: a name or a file.</summary>
    public string Profile { get; init; } = "raspberry-pi-4b";

    /// <summary>Planned peak memory in bytes that must not be exceeded.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Where the result goes; null: MODEL.edb in the current folder.</summary>
    public string? Store { get; init; }

    /// <summary>Folder that keeps what a frozen prefix computes, sample by sample; null computes it whenever it is needed.</summary>
    public string? Cache { get; init; }

    /// <summary>Bytes that the caches of that folder may take together.</summary>
    public long CacheLimit { get; init; } = 1L << 30;

    /// <summary>A store to go on learning from.</summary>
    public string? From { get; init; }

    /// <summary>Finish an interrupted run.</summary>
    public bool Resume { get; init; }

    /// <summary>Steps between checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 50;

    /// <summary>Time between checkpoints instead; null counts steps.</summary>
    public TimeSpan? CheckpointInterval { get; init; }

    /// <summary>Heat, pauses and deadline.</summary>
    public RunLimits Limits { get; init; } = new();

    public AcceptRule AcceptIf { get; init; } = AcceptRule.Parse("user>=0");

    /// <summary>Where the traffic report is saved.</summary>
    public string? Report { get; init; }

    /// <summary>Where an SVG with samples, answers before and after, and bytes a step goes.</summary>
    public string? Picture { get; init; }

    /// <summary>Told about the run as it goes; called on the training thread.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>Told what a step moves, by the plan, before the first one.</summary>
    public Action<TrafficComparison>? Planned { get; init; }

    /// <summary>Told about things worth a line: skipped samples, what auto chose.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Ends the run after the current step; a checkpoint is saved and <see cref="OperationCanceledException"/> thrown.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>What <see cref="Labels"/> holds, once it was read.</summary>
    internal IReadOnlyList<string>? LabelNames { get; init; }

    /// <summary>With the labels in memory: they may come from a pipe, which is read only once, however often the data is opened.</summary>
    internal PersonalizeOptions WithLabelsRead() => Labels is null || LabelNames is not null ? this : this with { LabelNames = EdgeDropBack.Data.Labels.Read(Labels) };
}
