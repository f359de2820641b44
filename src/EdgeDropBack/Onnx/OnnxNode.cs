namespace EdgeDropBack.Onnx;

/// <summary>One operator call as the file has it.</summary>
sealed class OnnxNode
{
    const int IndexAbove = 8;

    readonly OnnxAttribute[] _attributes;
    readonly Dictionary<string, OnnxAttribute>? _index;

    internal OnnxNode(
        string file, int ordinal, string name, string opType, string domain, string overload, IReadOnlyList<string> inputs,
        IReadOnlyList<string> outputs, OnnxAttribute[] attributes)
    {
        (File, Ordinal, Name, OpType) = (file, ordinal, name, opType);
        (Domain, Overload, Inputs, Outputs) = (domain, overload, inputs, outputs);
        _attributes = attributes;
        if (attributes.Length > IndexAbove) _index = new(attributes.Length, StringComparer.Ordinal);
        for (int i = 0; i < attributes.Length; i++)
        {
            string key = attributes[i].Name;
            bool fresh = _index?.TryAdd(key, attributes[i]) ?? Array.FindIndex(attributes, 0, i, a => a.Name == key) < 0;
            if (!fresh) throw EdbException.Refused($"{file}: {this} has attribute \"{key}\" twice; export the model again");
        }
    }

    /// <summary>File that holds the node, as messages name it.</summary>
    internal string File { get; }

    /// <summary>Name in the file; may be empty.</summary>
    public string Name { get; }

    public string OpType { get; }

    /// <summary>Operator set; empty for ai.onnx.</summary>
    public string Domain { get; }

    /// <summary>Picks one of several functions of the same name (IR 10); usually empty.</summary>
    public string Overload { get; }

    /// <summary>Value names; the empty string is an optional input that is absent.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Value names; the empty string is an optional output that is not wanted.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>Attributes in file order.</summary>
    public IReadOnlyList<OnnxAttribute> Attributes => _attributes;

    /// <summary>Position among the nodes of its graph, from 0, where each stands behind those that it reads from.</summary>
    public int Ordinal { get; internal set; }

    /// <summary>The attribute, or null when it is absent.</summary>
    public OnnxAttribute? Attribute(string name) => _index is not null
        ? _index.GetValueOrDefault(name)
        : Array.Find(_attributes, a => a.Name == name);

    public bool Has(string name) => Attribute(name) is not null;

    public long Int(string name, long absent) => Get(name, OnnxAttributeType.Int)?.Int ?? absent;

    public float Float(string name, float absent) => Get(name, OnnxAttributeType.Float)?.Float ?? absent;

    public string String(string name, string absent) => Get(name, OnnxAttributeType.String)?.String ?? absent;

    public IReadOnlyList<long>? Ints(string name) => Get(name, OnnxAttributeType.Ints)?.Ints;

    public IReadOnlyList<long> Ints(string name, IReadOnlyList<long> absent) => Ints(name) ?? absent;

    public IReadOnlyList<float>? Floats(string name) => Get(name, OnnxAttributeType.Floats)?.Floats;

    public IReadOnlyList<string>? Strings(string name) => Get(name, OnnxAttributeType.Strings)?.Strings;

    public OnnxTensor? Tensor(string name) => Get(name, OnnxAttributeType.Tensor)?.Tensor;

    public OnnxGraph? Graph(string name) => Get(name, OnnxAttributeType.Graph)?.Graph;

    /// <summary>How messages name the node: <c>Conv "conv1" (node 3)</c>.</summary>
    public override string ToString() =>
        $"{(Domain.Length > 0 ? Domain + "." : "")}{OpType}{(Name.Length > 0 ? $" \"{Name}\"" : "")} (node {Ordinal})";

    OnnxAttribute? Get(string name, OnnxAttributeType expected)
    {
        OnnxAttribute? attribute = Attribute(name);
        if (attribute is null || attribute.Type == expected && attribute.ReferencedName is null) return attribute;
        if (attribute.ReferencedName is { } outer)
            throw EdbException.Refused($"{File}: {this}: attribute \"{name}\" comes from \"{outer}\" of the function; inline it first");
        throw EdbException.Refused($"{File}: {this}: attribute \"{name}\" is {attribute.Type}, expected {expected}; export it again");
    }
}
