using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli;

/// <summary>The arrays of an .npz by the inputs of a model.</summary>
sealed class InputArrays
{
    readonly Dictionary<string, NpyArray> _arrays = new(StringComparer.Ordinal);

    InputArrays()
    {
    }

    /// <summary>Samples, the same in every array.</summary>
    public int Samples { get; private init; }

    /// <summary>The array of the model's first input.</summary>
    public required NpyArray First { get; init; }

    /// <exception cref="EdbException">Exit code 3: an input has no array, or the arrays have different numbers of samples.</exception>
    public static InputArrays Of(OnnxModel model, NpzFile file)
    {
        string[] inputs = [.. model.Graph.Inputs.Select(i => i.Name).Where(name => model.Graph.Initializer(name) is null)];
        var found = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var name in inputs)
        {
            if (!file.TryGet(name, out var array) && !(inputs.Length == 1 && file.TryGet("x", out array)))
                throw EdbException.Refused($"--input has arrays {Printable.List(file.Names)}, but none for input '{Printable.Name(name)}'; "
                    + $"the model takes {Printable.List(inputs)}");
            if (array.Shape.Length == 0 || array.Shape[0] == 0)
                throw EdbException.Refused($"--input: array '{Printable.Name(name)}' has no samples; its first axis counts them");
            found[name] = array;
        }
        var samples = found.Count > 0 ? found[inputs[0]].Shape[0] : 0;
        foreach (var name in inputs)
            if (found[name].Shape[0] != samples)
                throw EdbException.Refused($"--input: '{Printable.Name(name)}' has {found[name].Shape[0]} samples, "
                    + $"'{Printable.Name(inputs[0])}' has {samples}; give every input the same number");
        if (inputs.Length == 0) throw EdbException.Refused($"{model.Path}: the graph has no inputs; export the model again");
        var result = new InputArrays { Samples = samples, First = found[inputs[0]] };
        foreach (var name in inputs) result._arrays[name] = found[name];
        return result;
    }

    /// <summary>Writes a batch from sample <paramref name="first"/> on; beyond the end the last sample is repeated.</summary>
    /// <param name="destination">[batch, ...].</param>
    public void Fill(string input, int first, Span<float> destination, Preprocessing preprocessing)
    {
        var array = _arrays[input];
        var length = array.Length / Samples;
        var bytes = array.Bytes.Length / Samples;
        if (length == 0 || destination.Length % length != 0)
            throw EdbException.Refused($"--input: '{Printable.Name(input)}' has {length} values a sample, which do not fill "
                + $"a batch of {destination.Length}; check its shape with 'edb inspect'");
        var transform = new SampleTransform(array.Type, preprocessing, length, input);
        for (var s = 0; s < destination.Length / length; s++)
            transform.Apply(array.Bytes.AsSpan(Math.Min(first + s, Samples - 1) * bytes, bytes), destination.Slice(s * length, length));
    }

    /// <summary>A model's open dimensions are those of the arrays.</summary>
    public ImportOptions ImportOptions(int batch)
        => new() { Batch = batch, SampleShapes = _arrays.ToDictionary(a => a.Key, a => a.Value.Shape[1..]) };
}
