using EdgeDropBack.Data;
using EdgeDropBack.Onnx;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>Using what was learned: `edb eval`, `edb run`, `edb export`. Changes nothing.</summary>
static class Inference
{
    /// <summary>A session with the weights of a store; the base's own where there is none.</summary>
    /// <param name="sampleShape">Shape of one sample, where the model leaves it open.</param>
    public static TrainingSession Open(string model, string? store, int[]? sampleShape, int batch = 32, int threads = 0, LossKind? loss = null)
    {
        if (store is null) return TrainingSession.Open(model, new SessionOptions { Batch = batch, Threads = threads, SampleShape = sampleShape, Loss = loss ?? LossKind.CrossEntropy });
        var opened = OpenStore(store);
        var meta = opened.Meta;
        using (var file = OnnxModel.Open(model)) opened.RequireModel(file.Sha256, store);
        var session = TrainingSession.Open(model, new SessionOptions
        {
            Batch = batch,
            Threads = threads,
            SampleShape = sampleShape,
            Loss = loss ?? ParseLoss(meta.Loss),
            Budget = new Budget(Math.Max(1, opened.Tracked.Count), false),
            NewHeadClasses = meta.NewHeadClasses,
            Seed = (uint)meta.Seed,
            BaseSeed = opened.BaseSeed,
            TrainBatchNorm = meta.BatchNorm == "train",
        });
        try
        {
            session.Start(SparseStore.OpenFor(store, session.Model.Sha256, session.Tensors));
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Accuracy, loss and confusion of a model, or of a store of it, on a data set.</summary>
    /// <param name="preprocessing">What the user asked for; null takes the store's sidecar, or the model's input shape.</param>
    /// <param name="labels">Class names in output order; null takes the sidecar's.</param>
    public static Evaluation Evaluate(string model, string? store, string data, PreprocessingOptions? preprocessing, IReadOnlyList<string>? labels,
        LossKind? loss = null, int threads = 0)
    {
        var sidecar = store is not null && File.Exists(Sidecar.PathFor(store)) ? Sidecar.Read(Sidecar.PathFor(store)) : null;
        var prepared = preprocessing is null && sidecar is not null ? sidecar.Preprocessing
            : DataPreparation.Preprocessing(model, preprocessing ?? new());
        using var session = Open(model, store, DataPreparation.SampleShape(prepared), threads: threads, loss: loss);
        var dataset = DatasetLoader.Open(data, DataPreparation.Options(session, prepared, labels ?? sidecar?.ClassNames));
        return session.Evaluate(dataset);
    }

    internal static LossKind ParseLoss(string name) => name switch
    {
        "ce" => LossKind.CrossEntropy,
        "bce" => LossKind.BinaryCrossEntropy,
        "mse" => LossKind.MeanSquaredError,
        _ => throw EdbException.Usage($"--loss '{name}' is none of ce, bce, mse"),
    };

    static SparseStore OpenStore(string store) => SparseStore.Open(store);
}
