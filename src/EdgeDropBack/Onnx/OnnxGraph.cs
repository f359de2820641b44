namespace EdgeDropBack.Onnx;

/// <summary>A graph as the file has it: nodes in file order, values by name.</summary>
sealed class OnnxGraph
{
    readonly Dictionary<string, OnnxTensor> _initializers = new(StringComparer.Ordinal);

    internal OnnxGraph(string file, string name, IReadOnlyList<OnnxNode> nodes, IReadOnlyList<OnnxTensor> initializers)
    {
        (Name, Nodes, Initializers) = (name, nodes, initializers);
        foreach (OnnxTensor tensor in initializers)
        {
            if (!_initializers.TryAdd(tensor.Name, tensor))
                throw EdbException.Refused($"{file}: initializer \"{tensor.Name}\" is there twice; export the model again");
        }
    }

    public string Name { get; }

    public IReadOnlyList<OnnxNode> Nodes { get; }

    public IReadOnlyList<OnnxTensor> Initializers { get; }

    /// <summary>Declared inputs. Up to IR 3 every initializer is listed here too.</summary>
    public required IReadOnlyList<OnnxValueInfo> Inputs { get; init; }

    public required IReadOnlyList<OnnxValueInfo> Outputs { get; init; }

    /// <summary>Types the exporter wrote for intermediate values; often empty.</summary>
    public required IReadOnlyList<OnnxValueInfo> ValueInfos { get; init; }

    /// <summary>Names of sparse initializers; their data is not read.</summary>
    public required IReadOnlyList<string> SparseInitializers { get; init; }

    /// <summary>The initializer, or null when there is none of that name.</summary>
    public OnnxTensor? Initializer(string name) => _initializers.GetValueOrDefault(name);
}
