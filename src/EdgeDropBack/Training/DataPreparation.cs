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
        var result = ForInput(model, ModelInputs.Only(model), options);
        if (data is not null && WavFolderReader.Takes(data))
            return result with { Audio = WavFolderReader.SettingsFor(data, result, options.Audio), Channels = 1 };
        if (options.Audio is not null)
            return result with { Audio = AudioFeatures.For(result, options.Audio), Channels = 1 };
        return data is null ? result : OfSamples(result, data);
    }

    /// <summary>Preprocessing for one input, as its shape and the user's options ask for.</summary>
    public static Preprocessing ForInput(OnnxModel model, OnnxValueInfo input, PreprocessingOptions options)
    {
        if (!OpenDims.Resolve(model, options.Dims).TryGetValue(input.Name, out var dims))
            throw EdbException.Refused($"{model.Path}: input '{Printable.Name(input.Name)}' has no declared shape; export the model with one");
        int[] shape = [.. dims.Select(dim => (int)Math.Clamp(dim.Value ?? -1, -1, int.MaxValue))];
        if (options.Height is { } height && !Data.Preprocessing.TakesSize(shape, options))
            throw EdbException.Usage($"--size {height}x{options.Width}: input '{Printable.Name(input.Name)}' is [{string.Join(", ", dims)}], which is no image; "
                + (OpenDims.Options(input) is { Length: > 0 } sizes ? $"give {sizes} instead" : "leave --size out"));
        return Data.Preprocessing.ForModel(shape, options);
    }

    /// <summary>What model and options leave open is as the samples of the data have it.</summary>
    static Preprocessing OfSamples(Preprocessing preprocessing, string data)
    {
        if (preprocessing.InputShape.All(d => d > 0) || preprocessing is { Height: not null, Width: not null } || !File.Exists(data)) return preprocessing;
        return preprocessing with { InputShape = DatasetLoader.Open(data, new() { Preprocessing = preprocessing, NewHead = true }).SampleShape };
    }

    /// <summary>Shape of one sample, all of it known.</summary>
    /// <exception cref="EdbException">Exit code 2, with the option that gives what is open.</exception>
    public static int[] SampleShape(string modelPath, Preprocessing preprocessing)
    {
        if (preprocessing.InputShape.All(d => d > 0)) return preprocessing.InputShape;
        if (preprocessing is { Height: not null, Width: not null, Channels: > 0 }) return preprocessing.ImageShape();
        using var model = OnnxModel.Open(modelPath);
        var input = ModelInputs.Only(model);
        if (preprocessing is { Height: not null, Width: not null })
            throw EdbException.Usage($"{modelPath}: input '{Printable.Name(input.Name)}' leaves the number of channels open; give it with --channels");
        throw EdbException.Usage($"{modelPath}: {OpenDims.Missing(input, [-1, .. preprocessing.InputShape.Select((size, i) => size > 0 ? size : input.Dims![i + 1])]).Message}");
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
