using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What a user would do with a personalized model.</summary>
/// <param name="Model">As the user gave it; empty for the shipped one, which needs no names.</param>
/// <param name="SampleShape">Shape of one sample.</param>
sealed record NextSteps(string Model, string ModelPath, string Data, string Store, string Input, IReadOnlyList<long> SampleShape,
    string Output)
{
    /// <summary>Reads names and shape from the model.</summary>
    /// <param name="sampleShape">Shape of one sample where the model leaves it open.</param>
    public static NextSteps Of(string? given, string path, string data, string store)
    {
        using var model = OnnxModel.Open(path);
        var input = model.Graph.Inputs.First(i => model.Graph.Initializer(i.Name) is null);
        return new(given ?? "", path, data, store, input.Name, [.. (input.Dims ?? []).Skip(1).Select(d => d.Value ?? 1)],
            model.Graph.Outputs[0].Name);
    }

    public IEnumerable<string> Lines()
    {
        var export = Quoted(Path.ChangeExtension(Path.GetFileName(Store), ".onnx") is var name && name == Path.GetFileName(ModelPath)
            ? "personal-" + name : name);
        var (model, data) = Model.Length == 0 ? ("", "") : ($" {Quoted(Model)}", $" --data {Quoted(Data)}");
        var shape = string.Join(", ", SampleShape.Prepend(1));
        var count = SampleShape.Aggregate(1L, (a, b) => a * b);
        yield return "next:";
        yield return $"  edb compare{model}{data}   # the same data through dense, last-layer and bias training";
        yield return $"  edb eval{model} --store {Quoted(Store)}{data}   # accuracy of what was learned";
        yield return $"  edb export {Quoted(ModelPath)} --store {Quoted(Store)} -o {export}   # a plain ONNX file for any runtime";
        yield return "Python, after the export:";
        yield return "  import numpy as np, onnxruntime as ort";
        yield return $"  session = ort.InferenceSession(\"{export}\")";
        yield return $"  scores = session.run([\"{Output}\"], {{\"{Input}\": np.zeros(({shape}), np.float32)}})[0]";
        yield return "C#, with the package Microsoft.ML.OnnxRuntime:";
        yield return $"  using var session = new InferenceSession(\"{export}\");";
        yield return $"  using var x = OrtValue.CreateTensorValueFromMemory(new float[{count}], [{shape}]);";
        yield return $"  using var scores = session.Run(new RunOptions(), [\"{Input}\"], [x], [\"{Output}\"]);";
    }

    static string Quoted(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
