using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>
/// Which nodes read weights other than as a parameter, and which read them through an Identity. Exporters merge initializers of equal
/// values, so that one may be a parameter here and a running statistic there.
/// </summary>
/// <param name="frozen">Weights that are never parameters, because a function reads them as numbers too.</param>
sealed class SharedReads(IReadOnlySet<string> frozen)
{
    readonly List<(Operand Operand, string Writer, int Input)> _fixed = [];
    readonly HashSet<(string, int)> _known = [];
    readonly List<IdentityCopy> _copies = [];

    public IReadOnlyList<IdentityCopy> Copies => _copies;

    public bool CanBeParameter(Operand operand) => operand.CanBeParameter && !frozen.Contains(operand.InitializerName);

    public void AddFixed(Operand operand, string writer, int input)
    {
        if (operand is { Initializer: not null, IsFloat: true, InitializerName.Length: > 0 } && _known.Add((writer, input))) _fixed.Add((operand, writer, input));
    }

    /// <summary>The operand behind an Identity: weights under the name of the Identity's output.</summary>
    public Operand Copy(Operand operand, string output)
    {
        var copy = operand.Named(output);
        Func<float[]>? values = operand.IsFloat ? operand.ReadFloats : null;
        _copies.Add(new(output, operand.InitializerName, [.. operand.Shape.Dims.Select(d => (long)d)], values));
        return copy;
    }

    public IReadOnlyList<FixedRead> Fixed(OnnxModel model)
    {
        if (_fixed.Count == 0) return [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var nodes = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        Collect(model.Graph, names, nodes);
        var readers = new ValueReaders(model);
        var reads = new List<FixedRead>();
        foreach (var (operand, writer, input) in _fixed)
        {
            var own = $"{operand.InitializerName}.{writer}.{input}";
            while (!names.Add(own)) own += "_";
            var isInFile = nodes.TryGetValue(writer, out var node) && input < node.Inputs.Count && node.Inputs[input] == operand.InitializerName;
            reads.Add(new(operand.InitializerName, writer, input, own, isInFile, readers.Of(operand.InitializerName) > 1, [.. operand.Shape.Dims.Select(d => (long)d)], operand.ReadFloats));
        }
        return reads;
    }

    static void Collect(OnnxGraph graph, HashSet<string> names, Dictionary<string, OnnxNode> nodes)
    {
        names.UnionWith(graph.Inputs.Select(input => input.Name));
        names.UnionWith(graph.Initializers.Select(tensor => tensor.Name));
        foreach (var node in graph.Nodes)
        {
            names.UnionWith(node.Inputs);
            names.UnionWith(node.Outputs);
            if (node.Outputs.FirstOrDefault(output => output.Length > 0) is { } first) nodes.TryAdd(first, node);
            foreach (var attribute in node.Attributes)
                if (attribute.Graph is { } branch) Collect(branch, names, nodes);
        }
    }
}
