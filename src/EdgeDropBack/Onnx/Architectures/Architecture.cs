using EdgeDropBack.Data;
using System.Globalization;

namespace EdgeDropBack.Onnx;

/// <summary>A network that `edb new` writes: the five of Golub's thesis (UBC 2018), and multi-layer perceptrons of any widths.</summary>
sealed class Architecture
{
    const string Perceptron = "mlp-";
    const int MaxClasses = 1 << 16, MaxInputDimension = 1 << 13;

    static readonly Architecture[] s_known =
    [
        new("mnist-100-100", [1, 28, 28], InitialScale.LeCun, (layers, classes) => Mlp.Write(layers, [100, 100], classes)),
        new("lenet-300-100", [1, 28, 28], InitialScale.LeCun, (layers, classes) => Mlp.Write(layers, [300, 100], classes)),
        new("vgg-s", [3, 32, 32], InitialScale.LeCun, VggS.Write),
        new("densenet", [3, 32, 32], InitialScale.He, DenseNet.Write),
        new("wrn-28-10", [3, 32, 32], InitialScale.He, WideResNet.Write),
    ];

    readonly int[] _input;
    readonly InitialScale _scale;
    readonly Action<SeededLayers, int> _write;

    Architecture(string name, int[] input, InitialScale scale, Action<SeededLayers, int> write)
        => (Name, _input, _scale, _write) = (name, input, scale, write);

    public string Name { get; }

    /// <summary>What `edb new` lists.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_known.Select(a => a.Name), Perceptron + "H-H (hidden widths)"];

    /// <summary>The architecture of a name.</summary>
    /// <exception cref="EdbException">Exit code 2: there is none; the message lists all.</exception>
    public static Architecture Find(string name) => s_known.FirstOrDefault(a => a.Name == name) ?? FindPerceptron(name)
        ?? throw EdbException.Usage($"there is no architecture '{Printable.Name(name)}'{NearestNames.DidYouMean(name, s_known.Select(a => a.Name))}; known are {string.Join(", ", Names)}");

    /// <summary>The network as an ONNX model.</summary>
    /// <exception cref="EdbException">Exit code 2: classes or input are out of range.</exception>
    public OnnxBuilder Build(ModelOptions options)
    {
        var (input, classes) = (options.Input ?? _input, options.Classes ?? 10);
        if (classes is < 2 or > MaxClasses) throw EdbException.Usage($"--classes is {classes}, expected 2 to {MaxClasses}");
        if (input.Length != 3 || input.Any(dim => dim is < 1 or > MaxInputDimension))
            throw EdbException.Usage($"--input is {string.Join('x', input)}, expected channels, height and width of 1 to {MaxInputDimension}, such as {string.Join('x', _input)}");
        var layers = new SeededLayers(Name, options.Seed, options.Scale ?? _scale, input);
        try
        {
            _write(layers, classes);
        }
        catch (OverflowException e)
        {
            throw EdbException.Refused($"{Name} for input {string.Join('x', input)} has more weights than a tensor may; give a smaller --input", e);
        }
        return layers.Finish();
    }

    static Architecture? FindPerceptron(string name)
    {
        if (!name.StartsWith(Perceptron, StringComparison.Ordinal)) return null;
        var parts = name[Perceptron.Length..].Split('-');
        var hidden = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out hidden[i]) || hidden[i] is < 1 or > MaxClasses) return null;
        }
        return new(name, [1, 28, 28], InitialScale.LeCun, (layers, classes) => Mlp.Write(layers, hidden, classes));
    }
}
