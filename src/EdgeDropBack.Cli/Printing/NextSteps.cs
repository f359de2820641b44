using System.CommandLine;
using EdgeDropBack.Data;
using EdgeDropBack.Files;
using EdgeDropBack.Onnx;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What a user would do with a personalized model: commands and code that run as they are pasted.</summary>
/// <param name="Model">As the user gave it; empty for the shipped one, which needs no name.</param>
/// <param name="CompareOptions">Options that a comparison of the same training needs, each after a blank; null where a store was gone on from, which other modes do not.</param>
/// <param name="EvalOptions">Samples to measure on, as options, each after a blank; all else is kept beside the store.</param>
/// <param name="InputType">Element type of the input.</param>
/// <param name="InputShape">Shape of the input, the batch included.</param>
sealed record NextSteps(string Model, string ModelPath, string Store, string? CompareOptions, string EvalOptions, string Input, OnnxDataType InputType,
    IReadOnlyList<long> InputShape, string Output)
{
    /// <summary>Names come from the model, the shape of a sample from the store, and options from the command line.</summary>
    public static NextSteps Of(ParseResult parse, string? given, PersonalizeOptions options, string store, string output)
    {
        using var model = OnnxModel.Open(options.Model);
        var input = ModelInputs.Only(model);
        var sample = DataPreparation.SampleShape(options.Model, Sidecar.Read(Sidecar.PathFor(RealPath.OfFile(store))).Preprocessing);
        return new(given ?? "", options.Model, store,
            options.From is null ? GivenOptions.Words(parse, TrainingSettings.Compared) : null,
            (GivenOptions.Value(parse, "--test") ?? GivenOptions.Value(parse, "--data")) is { } samples ? $" --data {ShellWord.Quote(samples)}" : "",
            input.Name, input.ElementType, [input.Dims is [{ Value: { } batch }, ..] ? batch : 1, .. sample.Select(size => (long)size)], output);
    }

    public IEnumerable<string> Lines()
    {
        var (file, model) = (ExportName(), Model.Length == 0 ? "" : $" {ShellWord.Quote(Model)}");
        var shape = string.Join(", ", InputShape);
        var (numpy, type) = Types(InputType);
        yield return "next:";
        if (CompareOptions is not null) yield return $"  edb compare{model}{CompareOptions}   # the same data through dense, last-layer and bias training";
        yield return $"  edb eval{model} --store {ShellWord.Quote(Store)}{EvalOptions}   # accuracy of what was learned";
        yield return $"  edb export {ShellWord.Quote(ModelPath)} --store {ShellWord.Quote(Store)} -o {ShellWord.Quote(file)}   # a plain ONNX file for any runtime";
        yield return "Python, after the export:";
        yield return "  import numpy as np, onnxruntime as ort";
        yield return $"  session = ort.InferenceSession({Literal(file)})";
        yield return $"  scores = session.run([{Literal(Output)}], {{{Literal(Input)}: np.zeros(({shape}{(InputShape.Count == 1 ? "," : "")}), np.{numpy})}})[0]";
        yield return "C#, with the package Microsoft.ML.OnnxRuntime:";
        yield return $"  using var session = new InferenceSession({Literal(file)});";
        yield return $"  using var x = OrtValue.CreateTensorValueFromMemory(new {type}[{InputShape.Aggregate(1L, (a, b) => a * b)}], [{shape}]);";
        yield return $"  using var scores = session.Run(new RunOptions(), [{Literal(Input)}], [x], [{Literal(Output)}]);";
    }

    /// <summary>A file in the current folder that does not stand yet, since an export replaces none, and not named like the model.</summary>
    string ExportName()
    {
        var name = Path.ChangeExtension(Path.GetFileName(Store), ".onnx");
        return Enumerable.Range(0, int.MaxValue).Select(i => i switch { 0 => name, 1 => $"personal-{name}", _ => $"personal-{i}-{name}" })
            .First(candidate => candidate != Path.GetFileName(ModelPath) && !Path.Exists(candidate));
    }

    static string Literal(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    static (string NumPy, string CSharp) Types(OnnxDataType type) => type switch
    {
        OnnxDataType.Double => ("float64", "double"),
        OnnxDataType.Float16 => ("float16", "Float16"),
        OnnxDataType.Int64 => ("int64", "long"),
        OnnxDataType.Int32 => ("int32", "int"),
        OnnxDataType.Int16 => ("int16", "short"),
        OnnxDataType.Int8 => ("int8", "sbyte"),
        OnnxDataType.UInt8 => ("uint8", "byte"),
        OnnxDataType.UInt16 => ("uint16", "ushort"),
        OnnxDataType.Bool => ("bool_", "bool"),
        _ => ("float32", "float"),
    };
}
