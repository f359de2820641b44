using EdgeDropBack.Graphs;

namespace EdgeDropBack.Traffic;

/// <summary>
/// Gives every node that runs a layer of its own, named after it, and tells weights from activations: a value that a
/// <see cref="ReadParameter"/> node materialised is the parameter, under whatever shape it is viewed.
/// </summary>
sealed class LayerMap
{
    readonly Parameter?[] _parameterOf;
    readonly Dictionary<Node, int> _layerOf = new(ReferenceEqualityComparer.Instance);
    readonly int[] _layerOfParameter;
    readonly List<string> _names = [];

    public LayerMap(Graph graph)
    {
        _parameterOf = new Parameter?[graph.ValueCount];
        _layerOfParameter = new int[graph.Parameters.Count];
        Array.Fill(_layerOfParameter, -1);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            if (node.Operator is ReadParameter || node.Operator.IsView)
            {
                _parameterOf[node.Outputs[0].Id] = ParameterOf(node.Inputs[0]!);
                continue;
            }
            _layerOf[node] = _names.Count;
            foreach (var input in node.Inputs)
                if (input is not null && ParameterOf(input) is { } parameter && _layerOfParameter[parameter.Ordinal] < 0)
                    _layerOfParameter[parameter.Ordinal] = _names.Count;
            _names.Add(Unique(node.Name.Length > 0 ? node.Name : node.Outputs[0].Name, taken));
        }
        (Loss, Entrants) = (_names.Count, _names.Count + 1);
        _names.Add(Unique("loss", taken));
        _names.Add("(entrants)");
        Input = _names.Count;
        _names.Add(Unique("input", taken));
    }

    public IReadOnlyList<string> Names => _names;

    /// <summary>Layer of the loss.</summary>
    public int Loss { get; }

    /// <summary>Layer of the weights that become tracked, whose places only the data decide.</summary>
    public int Entrants { get; }

    /// <summary>Layer of the batch that is copied in.</summary>
    public int Input { get; }

    /// <summary>The layer of a node; for one that materialises a parameter, the parameter's.</summary>
    public int Of(Node node) => _layerOf.TryGetValue(node, out var layer) ? layer : Of(ParameterOf(node.Outputs[0])!);

    /// <summary>The first layer that uses a parameter.</summary>
    public int Of(Parameter parameter) => OfOrdinal(parameter.Ordinal);

    /// <summary>The same by the parameter's ordinal.</summary>
    public int OfOrdinal(int ordinal) => Math.Max(_layerOfParameter[ordinal], 0);

    /// <summary>The parameter that a value is; null for activations and constants.</summary>
    public Parameter? ParameterOf(Value value) => value.Parameter ?? _parameterOf[value.Id];

    static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var n = 2; !taken.Add(unique); n++) unique = $"{name}#{n}";
        return unique;
    }
}
