using EdgeDropBack.Data;
using EdgeDropBack.Onnx;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>Using what was learned: `edb eval`, `edb run`, `edb export`. Changes nothing.</summary>
static class Inference
{
    internal const int DefaultBatch = 32;

    /// <summary>A session with the weights of a store; the base's own where there is none.</summary>
    /// <param name="store">Where its newest generation is damaged, the one before it is used.</param>
    /// <param name="sampleShape">Shape of one sample, where the model leaves it open.</param>
    /// <param name="log">Told which generation was passed over.</param>
    public static TrainingSession Open(string model, string? store, int[]? sampleShape, int batch = DefaultBatch, int threads = 0, LossKind? loss = null,
        Action<string>? log = null) => Open(model, Newest(store, log), sampleShape, batch, threads, loss);

    internal static TrainingSession Open(string model, OpenedGeneration? learned, int[]? sampleShape, int batch, int threads, LossKind? loss,
        bool allOutputs = false)
    {
        if (learned is null)
            return TrainingSession.Open(model, new SessionOptions { Batch = batch, Threads = threads, SampleShape = sampleShape, Loss = loss ?? LossKind.CrossEntropy });
        var (opened, store) = (learned.Store, learned.Generation.Path);
        var meta = opened.Meta;
        using (var file = OnnxModel.Open(model)) opened.RequireModel(file.Sha256, store);
        var sessionOptions = new SessionOptions
        {
            Batch = batch,
            Threads = threads,
            SampleShape = sampleShape,
            Loss = loss ?? ParseLoss(meta.Loss),
            Budget = new Budget(Math.Max(1, opened.Tracked.Count), false),
            NewHeadClasses = meta.NewHeadClasses,
            Seed = (uint)meta.Seed,
            BaseSeed = opened.BaseSeed,
            TrainFrom = meta.Note(Prefixes.PrefixCut.Note),
            TrainBatchNorm = meta.BatchNorm == "train",
            KeepsOtherOutputs = allOutputs,
        };
        var session = AsTrained(model, sessionOptions, meta);
        try
        {
            session.Start(session.OpenStore(store));
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The session that a store was trained in. A model that takes no other batch than the training's is opened with that one, and not cut where
    /// the training was not.
    /// </summary>
    static TrainingSession AsTrained(string model, SessionOptions options, StoreMeta meta)
    {
        var canRetry = meta.BatchSize > 0 && meta.BatchSize != options.Batch;
        try
        {
            var session = TrainingSession.Open(model, options);
            if (!canRetry || session.Prefix is null || options.TrainFrom is not null) return session;
            session.Dispose();
        }
        catch (EdbException) when (canRetry)
        {
            return TrainingSession.Open(model, options with { Batch = meta.BatchSize });
        }
        return TrainingSession.Open(model, options with { Batch = meta.BatchSize });
    }

    /// <summary>Accuracy, loss and confusion of a model, or of a store of it, on a data set.</summary>
    /// <param name="preprocessing">What the user asked for; null takes the store's sidecar, or the model's input shape.</param>
    /// <param name="labels">Class names in output order; null takes the sidecar's.</param>
    /// <param name="log">Told which generation was passed over, and what is to be said of the data.</param>
    public static Evaluation Evaluate(string model, string? store, string data, PreprocessingOptions? preprocessing, IReadOnlyList<string>? labels,
        LossKind? loss = null, int threads = 0, Action<string>? log = null)
    {
        var learned = Newest(store, log);
        var sidecar = SidecarOf(learned);
        var prepared = preprocessing is null && sidecar is not null ? sidecar.Preprocessing
            : DataPreparation.Preprocessing(model, preprocessing ?? new(), data);
        using var session = Open(model, learned, DataPreparation.SampleShape(model, prepared), DefaultBatch, threads, loss);
        var dataset = DatasetLoader.Open(data, DataPreparation.Options(session, prepared, labels ?? sidecar?.ClassNames) with
        {
            LabelSource = labels is null ? "the store" : DatasetOptions.LabelOption,
        });
        foreach (var warning in session.Model.Warnings) log?.Invoke($"warning: {warning}");
        dataset.Tell(log);
        if (OneClass.Note(dataset) is { } note) log?.Invoke(note);
        return session.Evaluate(dataset) with { ClassNames = dataset.ClassNames ?? sidecar?.ClassNames };
    }

    internal static LossKind ParseLoss(string name) => name switch
    {
        "ce" => LossKind.CrossEntropy,
        "bce" => LossKind.BinaryCrossEntropy,
        "mse" => LossKind.MeanSquaredError,
        _ => throw EdbException.Usage($"--loss '{name}' is none of ce, bce, mse"),
    };

    /// <summary>The newest generation of a store that is not damaged; null for no store.</summary>
    internal static OpenedGeneration? Newest(string? store, Action<string>? log)
    {
        var opened = store is null ? null : new Generations(store).Open();
        if (opened?.Notice is { } notice) log?.Invoke(notice);
        return opened;
    }

    internal static Sidecar? SidecarOf(OpenedGeneration? learned) => learned?.Generation.SidecarPath is { } path ? Sidecar.Read(path) : null;
}
