namespace EdgeDropBack.Data;

/// <summary>What the loader must know of the model and the command line.</summary>
public sealed record DatasetOptions
{
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Class names in output order (<c>--labels</c>, or the sidecar's), or null.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Where <see cref="Labels"/> come from, for messages.</summary>
    internal string LabelSource { get; init; } = LabelOption;

    internal const string LabelOption = "--labels";

    /// <summary>Outputs of the model's last layer (2 for a single sigmoid output); 0 where unknown.</summary>
    public int ClassCount { get; init; }

    /// <summary><c>--new-head</c>: the data (or <see cref="Labels"/>) defines the classes.</summary>
    public bool NewHead { get; init; }

    /// <summary>
    /// Float targets a sample for <c>--loss mse</c> and <c>bce</c>; 0 for class labels. Data with classes is spread: one-hot, or for one
    /// target
    /// the class index.
    /// </summary>
    public int TargetLength { get; init; }

    /// <summary>Memory the samples may take, at most <see cref="DataLimits.MaxDatasetBytes"/> by default.</summary>
    public long MaxBytes { get; init; } = DataLimits.MaxDatasetBytes;
}
