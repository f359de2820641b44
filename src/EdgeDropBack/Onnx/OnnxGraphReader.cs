using System.Text;

namespace EdgeDropBack.Onnx;

/// <summary>Reads GraphProto, FunctionProto and what they hold. Field numbers are those of onnx.proto.</summary>
sealed class OnnxGraphReader(ModelFile source, ExternalData external)
{
    /// <summary>Nodes of a file, all graphs and functions together. They are counted before any is read.</summary>
    public const int MaxNodes = 1 << 16;

    /// <summary>Entries of a graph beside its nodes: initializers, inputs, outputs, value infos; and of a node: inputs, outputs, attributes.</summary>
    public const int MaxEntries = 1 << 20;

    /// <summary>What field 2 to 11 of AttributeProto holds.</summary>
    static readonly OnnxAttributeType[] s_attributeTypes =
    [
        default, default, OnnxAttributeType.Float, OnnxAttributeType.Int, OnnxAttributeType.String, OnnxAttributeType.Tensor,
        OnnxAttributeType.Graph, OnnxAttributeType.Floats, OnnxAttributeType.Ints, OnnxAttributeType.Strings, OnnxAttributeType.Tensors,
        OnnxAttributeType.Graphs,
    ];

    readonly OnnxTensorReader _tensors = new(source, external);
    readonly OnnxTypeReader _types = new();
    readonly Dictionary<long, NodeSequence> _orders = [];
    int _nodes, _entries;

    /// <summary>The order of nodes that are not sorted in the file, by where the message of their graph or function starts.</summary>
    public IReadOnlyDictionary<long, NodeSequence> NodeOrders => _orders;

    /// <summary>GraphProto: node 1, name 2, initializer 5, input 11, output 12, value_info 13, sparse_initializer 15.</summary>
    public OnnxGraph Graph(WireReader reader)
    {
        string name = "";
        List<OnnxNode> nodes = [];
        List<OnnxTensor> initializers = [];
        List<OnnxValueInfo> inputs = [], outputs = [], values = [];
        List<string> sparse = [];
        ExpectNodes(reader, reader.Count(1));
        while (reader.Next(out int field, out WireType type))
        {
            CountEntry(reader);
            switch (field)
            {
                case 1: nodes.Add(Node(reader.Message(type), nodes.Count)); break;
                case 2: name = reader.Name(type); break;
                case 5: initializers.Add(Initializer(reader.Message(type))); break;
                case 11: inputs.Add(_types.ValueInfo(reader.Message(type))); break;
                case 12: outputs.Add(_types.ValueInfo(reader.Message(type))); break;
                case 13: values.Add(_types.ValueInfo(reader.Message(type))); break;
                case 15: sparse.Add(SparseName(reader.Message(type))); break;
                default: reader.Skip(type); break;
            }
        }

        return new(source.Path, name, Sorted(reader, 1, nodes), initializers)
        {
            Inputs = inputs,
            Outputs = outputs,
            ValueInfos = values,
            SparseInitializers = sparse,
        };
    }

    /// <summary>
    /// FunctionProto: name 1, input 4, output 5, attribute 6, node 7, opset_import 9, domain 10, attribute_proto 11, overload 13.
    /// </summary>
    public OnnxFunction Function(WireReader reader)
    {
        (string name, string domain, string overload) = ("", "", "");
        List<string> inputs = [], outputs = [], attributes = [];
        List<OnnxNode> nodes = [];
        List<OnnxAttribute> defaults = [];
        SortedDictionary<string, long> opsets = new(StringComparer.Ordinal);
        ExpectNodes(reader, reader.Count(7));
        while (reader.Next(out int field, out WireType type))
        {
            CountEntry(reader);
            switch (field)
            {
                case 1: name = reader.Name(type); break;
                case 4: inputs.Add(reader.Name(type)); break;
                case 5: outputs.Add(reader.Name(type)); break;
                case 6: attributes.Add(reader.Name(type)); break;
                case 7: nodes.Add(Node(reader.Message(type), nodes.Count)); break;
                case 9: Opset(reader.Message(type), opsets); break;
                case 10: domain = Domain(reader.Name(type)); break;
                case 11: defaults.Add(Attribute(reader.Message(type))); break;
                case 13: overload = reader.Name(type); break;
                default: reader.Skip(type); break;
            }
        }

        if (name.Length == 0) reader.Fail(reader.Start, "a function without a name");
        return new()
        {
            Name = name,
            Domain = domain,
            Overload = overload,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = attributes,
            AttributeDefaults = defaults,
            Nodes = Sorted(reader, 7, nodes),
            Opsets = opsets,
        };
    }

    /// <summary>OperatorSetIdProto: domain 1, version 2.</summary>
    public static void Opset(WireReader reader, SortedDictionary<string, long> opsets)
    {
        (string domain, long version) = ("", 0);
        while (reader.Next(out int field, out WireType type))
        {
            if (field == 1) domain = Domain(reader.Name(type));
            else if (field == 2) version = reader.Int64(type);
            else reader.Skip(type);
        }

        if (version < 1) reader.Fail(reader.Start, $"operator set \"{domain}\" has version {version}, expected 1 or more");
        if (!opsets.TryAdd(domain, version) && opsets[domain] != version)
            reader.Fail(reader.Start, $"operator set \"{domain}\" is imported in versions {opsets[domain]} and {version}");
    }

    static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    /// <summary>NodeProto: input 1, output 2, name 3, op_type 4, attribute 5, domain 7, overload 8.</summary>
    OnnxNode Node(WireReader reader, int ordinal)
    {
        (string name, string opType, string domain, string overload) = ("", "", "", "");
        List<string> inputs = [], outputs = [];
        List<OnnxAttribute> attributes = [];
        while (reader.Next(out int field, out WireType type))
        {
            CountEntry(reader);
            switch (field)
            {
                case 1: inputs.Add(reader.Name(type)); break;
                case 2: outputs.Add(reader.Name(type)); break;
                case 3: name = reader.Name(type); break;
                case 4: opType = reader.Name(type); break;
                case 5: attributes.Add(Attribute(reader.Message(type))); break;
                case 7: domain = Domain(reader.Name(type)); break;
                case 8: overload = reader.Name(type); break;
                default: reader.Skip(type); break;
            }
        }

        if (opType.Length == 0) reader.Fail(reader.Start, $"node {ordinal} \"{name}\" has no op_type");
        return new(source.Path, ordinal, name, opType, domain, overload, inputs, outputs, [.. attributes]);
    }

    /// <summary>
    /// AttributeProto: name 1, f 2, i 3, s 4, t 5, g 6, floats 7, ints 8, strings 9, tensors 10, graphs 11, type 20, ref_attr_name 21.
    /// IR 1 has no type; there it follows from the field that is set.
    /// </summary>
    OnnxAttribute Attribute(WireReader reader)
    {
        var attribute = new OnnxAttribute();
        OnnxAttributeType seen = default;
        List<float>? floats = null;
        List<long>? ints = null;
        List<string>? strings = null;
        List<OnnxTensor>? tensors = null;
        List<OnnxGraph>? graphs = null;
        while (reader.Next(out int field, out WireType type))
        {
            CountEntry(reader);
            seen = field is >= 2 and <= 11 ? s_attributeTypes[field] : seen;
            switch (field)
            {
                case 1: attribute.Name = reader.Name(type); break;
                case 2: attribute.Float = reader.Single(type); break;
                case 3: attribute.Int = reader.Int64(type); break;
                case 4: attribute.Bytes = reader.Bytes(type).ToArray(); break;
                case 5: attribute.Tensor = _tensors.Read(reader.Message(type), attribute.Name); break;
                case 6: attribute.Graph = Graph(reader.Message(type)); break;
                case 7: reader.Singles(type, floats ??= []); break;
                case 8: reader.Int64s(type, ints ??= []); break;
                case 9: (strings ??= []).Add(Encoding.UTF8.GetString(reader.Bytes(type))); break;
                case 10: (tensors ??= []).Add(_tensors.Read(reader.Message(type))); break;
                case 11: (graphs ??= []).Add(Graph(reader.Message(type))); break;
                case 20: attribute.Type = (OnnxAttributeType)reader.Int32(type); break;
                case 21: attribute.ReferencedName = reader.Name(type); break;
                default: reader.Skip(type); break;
            }
        }

        if (attribute.Name.Length == 0) reader.Fail(reader.Start, "an attribute without a name");
        if (attribute.Type == OnnxAttributeType.Undefined) attribute.Type = seen;
        if (floats is not null) attribute.Floats = floats;
        if (ints is not null) attribute.Ints = ints;
        if (strings is not null) attribute.Strings = strings;
        if (tensors is not null) attribute.Tensors = tensors;
        if (graphs is not null) attribute.Graphs = graphs;
        return attribute;
    }

    /// <summary>Nodes behind those that they depend on; they are counted in this order.</summary>
    List<OnnxNode> Sorted(WireReader reader, int field, List<OnnxNode> nodes)
    {
        if (NodeOrder.Of(source.Path, nodes) is not { } order) return nodes;
        _orders[reader.Start] = new(field, order);
        for (int i = 0; i < order.Length; i++) nodes[order[i]].Ordinal = i;
        return [.. order.Select(position => nodes[position])];
    }

    void ExpectNodes(WireReader reader, int more)
    {
        if (more > MaxNodes - _nodes)
            reader.Refuse(reader.Start, $"the model has {_nodes + (long)more} nodes or more, expected at most {MaxNodes}; split it, or cut it in front of what is trained");
        _nodes += more;
    }

    void CountEntry(WireReader reader)
    {
        if (++_entries > MaxEntries)
            reader.Refuse(reader.FieldStart, $"nodes and graphs have more than {MaxEntries} inputs, outputs, attributes and initializers; split the model");
    }

    OnnxTensor Initializer(WireReader reader)
    {
        OnnxTensor tensor = _tensors.Read(reader);
        if (tensor.Name.Length == 0) reader.Fail(reader.Start, "an initializer without a name");
        return tensor;
    }

    /// <summary>SparseTensorProto: values 1, whose name is the initializer's.</summary>
    static string SparseName(WireReader reader)
    {
        string name = "";
        while (reader.Next(out int field, out WireType type))
        {
            if (field != 1)
            {
                reader.Skip(type);
                continue;
            }

            WireReader values = reader.Message(type);
            while (values.Next(out int valuesField, out WireType valuesType))
            {
                if (valuesField == 8) name = values.Name(valuesType);
                else values.Skip(valuesType);
            }
        }

        return name;
    }
}
