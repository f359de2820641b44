using EdgeDropBack.Onnx;

namespace EdgeDropBack.Training;

/// <summary>What is trained of a model, and how a step is taken. The defaults are those of `edb personalize`.</summary>
public sealed record SessionOptions
{
    /// <summary>Samples a step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>
    /// Samples that are in memory at once: a step of frozen weights runs forward and backward as often as it takes, and adds their gradients
    /// up. 0 for the whole batch. Other micro-batches give other bits.
    /// </summary>
    public int MicroBatch { get; init; }

    /// <summary>Tracked weights.</summary>
    public Budget Budget { get; init; } = Budget.Default;

    public TrainingMode Mode { get; init; } = TrainingMode.DropBack;

    public LossKind Loss { get; init; } = LossKind.CrossEntropy;

    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    public float Momentum { get; init; }

    /// <summary>Pull of trained weights towards their base, added to the gradient; 0 for none.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Limit of the gradient's global norm; 0 for none.</summary>
    public float Clip { get; init; } = 1f;

    /// <summary>Tracked weights are those above a running quantile of the scores, instead of exactly the k highest.</summary>
    public bool Quantile { get; init; }

    /// <summary>Factor a step by which weights that are computed from a seed fade, while they are not tracked; 1 lets them be.</summary>
    public double InitDecay { get; init; } = 1;

    /// <summary>Batch-norm statistics follow the data instead of staying as they are in the file.</summary>
    public bool TrainBatchNorm { get; init; }

    /// <summary>Classes of a new last layer; 0 keeps the model's own.</summary>
    public int NewHeadClasses { get; init; }

    public uint Seed { get; init; } = 1;

    /// <summary>Seed of weights that the model computes from one, instead of the file's; null keeps that.</summary>
    public uint? BaseSeed { get; init; }

    /// <summary>Worker threads; 0 for the performance cores of this machine. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Train from here on only; what is in front is frozen and run by ONNX Runtime (package EdgeDropBack.OnnxRuntime): names of nodes or
    /// values, or "#" and a position in the file, joined by commas. Null does so only in front of operators that this engine lacks.
    /// </summary>
    public string? TrainFrom { get; init; }

    /// <summary>Shape of one sample, where the model leaves it open.</summary>
    public int[]? SampleShape { get; init; }

    /// <summary>Sizes of dimensions that the model leaves open, by their name in the file or by <c>INPUT:AXIS</c>; beside a <see cref="SampleShape"/> not needed.</summary>
    public IReadOnlyDictionary<string, int> Dims { get; init; } = new Dictionary<string, int>();

    /// <summary>Outputs that are not trained are computed as well, for those who ask for every output.</summary>
    internal bool KeepsOtherOutputs { get; init; }

    internal ImportOptions ToImport() => new()
    {
        Batch = MicroBatch > 0 ? MicroBatch : Batch,
        BaseSeed = BaseSeed,
        KeepsOtherOutputs = KeepsOtherOutputs,
        NewHead = NewHeadClasses > 0 ? new NewHead(NewHeadClasses, Seed) : null,
        Dims = Dims,
        SampleShapes = SampleShape is { } shape ? new Dictionary<string, int[]> { [""] = shape } : [],
    };
}
