using System.CommandLine;
using EdgeDropBack.Data;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli;

/// <summary>What `edb verify` feeds both sides: whole shapes as the file declares them, and the values.</summary>
/// <param name="Import">Shapes.</param>
/// <param name="Fill">Writes the values of an input by name.</param>
sealed record VerifyInputs(ImportOptions Import, Action<string, float[]> Fill)
{
    /// <summary>Samples where nobody says how many.</summary>
    public const int DefaultBatch = 2;

    /// <summary>Numbers from a seed.</summary>
    /// <param name="asked">Samples that the user asked for; null for the file's, or <see cref="DefaultBatch"/>.</param>
    /// <param name="least">Takes the place of <see cref="DefaultBatch"/>.</param>
    /// <exception cref="EdbException">Exit code 2: a batch other than the file's.</exception>
    public static VerifyInputs Drawn(OnnxModel model, InputSettings settings, ParseResult parse, int? asked, uint seed, int least = DefaultBatch)
    {
        var fixedBatch = OpenDims.FixedBatch(model);
        if (asked is { } batch && fixedBatch > 0 && batch != fixedBatch)
            throw EdbException.Usage($"--batch {batch}: {model.Path} fixes its batch at {fixedBatch}, and ONNX Runtime takes no other; leave --batch out");
        var import = settings.ImportOptions(parse, model, asked ?? (fixedBatch > 0 ? fixedBatch : least));
        var dims = OpenDims.Resolve(model, import.Dims);
        var shapes = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var input in ModelInputs.Of(model).Where(input => input.Dims is not null))
            shapes[input.Name] = shapes.Count == 0 && import.SampleShapes.TryGetValue("", out var sample) ? [import.Batch, .. sample]
                : OpenDims.WholeShape(input, dims[input.Name], import.Batch);
        OnnxValueInfo[] inputs = [.. model.Graph.Inputs];
        return new(import with { InputShapes = shapes, SampleShapes = new Dictionary<string, int[]>() }, (name, values) =>
            Draw(seed, Array.FindIndex(inputs, input => input.Name == name), inputs, values));
    }

    /// <summary>The arrays of a file, each with the whole shape of its input.</summary>
    /// <exception cref="EdbException">Exit code 3: an input has no array, or one of another shape.</exception>
    public static VerifyInputs Given(OnnxModel model, NpzFile file)
    {
        OnnxValueInfo[] inputs = [.. ModelInputs.Of(model)];
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var input in inputs)
        {
            if (!file.TryGet(input.Name, out var array) && !(inputs.Length == 1 && file.TryGet("x", out array)))
                throw EdbException.Refused($"--input has arrays {Printable.List(file.Names)}, but none for input '{Printable.Name(input.Name)}'; "
                    + $"the model takes {Printable.List([.. inputs.Select(i => i.Name)])}");
            if (input.Dims is { } dims && !(dims.Count == array.Shape.Length && dims.Select((dim, i) => OpenDims.IsOpen(dim) || dim.Value == array.Shape[i]).All(fits => fits)))
                throw EdbException.Refused($"--input: array '{Printable.Name(input.Name)}' is {Printable.Shape(array.Shape)}, but the model's input is "
                    + $"[{string.Join(", ", dims)}], and ONNX Runtime takes no other; give an array of that shape");
            if (array.Length == 0) throw EdbException.Refused($"--input: array '{Printable.Name(input.Name)}' is {Printable.Shape(array.Shape)}, which holds no values");
            arrays[input.Name] = array;
        }
        return new(new() { InputShapes = arrays.ToDictionary(a => a.Key, a => a.Value.Shape) }, (name, values) =>
            new SampleTransform(arrays[name].Type, new Preprocessing(), arrays[name].Length, name).Apply(arrays[name].Bytes, values));
    }

    static void Draw(uint seed, int ordinal, OnnxValueInfo[] inputs, float[] values)
    {
        var isReal = inputs[ordinal].ElementType is OnnxDataType.Float or OnnxDataType.Float16 or OnnxDataType.Double or OnnxDataType.BFloat16;
        for (var i = 0; i < values.Length; i++)
        {
            var bits = IndexedRandom.Hash(seed, (uint)ordinal, (ulong)i);
            values[i] = isReal ? (bits >> 8) * (2f / (1 << 24)) - 1f : bits & 1;
        }
    }
}
