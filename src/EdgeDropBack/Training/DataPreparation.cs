using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Training;

/// <summary>What the data loader has to know of a model.</summary>
static class DataPreparation
{
    /// <summary>Preprocessing for the first input of a model, as its shape and the user's options ask for.</summary>
    /// <param name="data">The samples' path: recordings get features that fit the input, and arrays say what model and options leave open.</param>
    public static Preprocessing Preprocessing(string modelPath, PreprocessingOptions options, string? data = null)
    {
        using var model = OnnxModel.Open(modelPath);
        var input = model.Graph.Inputs.FirstOrDefault(i => model.Graph.Initializer(i.Name) is null)
            ?? throw EdbException.Refused($"{modelPath}: the graph has no inputs; export the model again");
        if (input.Dims is not { } dims)
            throw EdbException.Refused($"{modelPath}: input '{input.Name}' has no declared shape; export the model with one");
        var result = Data.Preprocessing.ForModel([.. dims.Select(d => (int)Math.Clamp(d.In(options.Dims) ?? -1, -1, int.MaxValue))], options);
        if (options.Audio is not null || (data is not null && WavFolderReader.Takes(data)))
            return result with { Audio = AudioFeatures.For(result, options.Audio), Channels = 1 };
        return data is null ? result : OfSamples(result, data);
    }

    /// <summary>What model and options leave open is as the samples of the data have it.</summary>
    static Preprocessing OfSamples(Preprocessing preprocessing, string data)
    {
        if (preprocessing.InputShape.All(d => d > 0) || preprocessing is { Height: not null, Width: not null } || !File.Exists(data)) return preprocessing;
        return preprocessing with { InputShape = DatasetLoader.Open(data, new() { Preprocessing = preprocessing, NewHead = true }).SampleShape };
    }

    /// <summary>Shape of one sample, all of it known.</summary>
    public static int[] SampleShape(Preprocessing preprocessing)
    {
        if (preprocessing.InputShape.All(d => d > 0)) return preprocessing.InputShape;
        if (preprocessing.Height is null || preprocessing.Width is null)
            throw EdbException.Usage($"the model leaves its input size open ([{string.Join(", ", preprocessing.InputShape)}]); "
                + "give it with --size, such as --size 224, or with --dim, such as --dim T=24");
        return preprocessing.ImageShape();
    }

    public static DatasetOptions Options(TrainingSession session, Preprocessing preprocessing, IReadOnlyList<string>? labels, bool newHead = false)
    {
        var cross = session.Options.Loss == LossKind.CrossEntropy;
        return new()
        {
            Preprocessing = preprocessing,
            Labels = labels,
            ClassCount = cross ? session.Outputs : Math.Max(2, session.Outputs),
            NewHead = newHead,
            TargetLength = cross ? 0 : session.Outputs,
        };
    }
}
