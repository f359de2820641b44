namespace EdgeDropBack.Onnx;

/// <summary>The first pass of <see cref="OnnxExport"/>: a message that changes is taken apart, any other is a range to copy.</summary>
sealed class OnnxRewriter(
    OnnxModel model,
    IReadOnlyDictionary<string, ReplacedTensor> replacements,
    IReadOnlyDictionary<string, long[]> shapes,
    IReadOnlyDictionary<string, string> metadata,
    IReadOnlyDictionary<string, OverlaidTensor> overlays,
    IReadOnlyDictionary<string, TrackedCall> calls,
    ILookup<string, RewiredInput> rewired)
{
    /// <summary>Stands for a field that is left out.</summary>
    static readonly ProtoWriter s_dropped = new();

    readonly HashSet<string> _used = new(StringComparer.Ordinal);
    /// <summary>Weights that functions of the model compute, by name.</summary>
    readonly HashSet<string> _calls = BaseCall.Outputs(model);

    /// <summary>Messages that follow a changed one under the same field.</summary>
    readonly Dictionary<ProtoWriter, ProtoWriter[]> _followers = [];

    /// <summary>DequantizeLinear nodes, by what they write.</summary>
    readonly Dictionary<string, OnnxNode> _dequantized = model.Graph.Nodes.Where(node => node is { OpType: "DequantizeLinear", Outputs.Count: 1 })
        .ToDictionary(node => node.Outputs[0], StringComparer.Ordinal);

    readonly WeightTypes _weights = new(model);

    readonly ILookup<string, RewiredInput> _noInputs = Array.Empty<RewiredInput>().ToLookup(_ => "");

    readonly TrainingNodes _training = new(model);

    readonly OnnxTensorReader _tensors = new(model.Source, model.External);

    /// <summary>The new content of a nested message, or null when it stays as it is.</summary>
    delegate ProtoWriter? Change(int field, WireReader message);

    /// <summary>The whole model with its changes: ModelProto has graph 7, opset_import 8, metadata_props 14, functions 25.</summary>
    public ProtoWriter Model()
    {
        var whole = new WireReader(model.Path, model.Source.Slice(0, (int)model.FileLength), 0);
        ProtoWriter? result = Fields(whole, (field, message) => field switch
        {
            7 => MainGraph(message),
            8 => IsBaseDomain(message) ? s_dropped : null,
            14 => IsReplacedEntry(message) ? s_dropped : null,
            25 => IsBaseFunction(message) ? s_dropped : Function(message),
            _ => null,
        });
        string? missing = replacements.Keys.Concat(shapes.Keys).Concat(overlays.Keys).Concat(calls.Keys).FirstOrDefault(name => !_used.Contains(name));
        if (missing is not null)
            throw EdbException.Failed($"{model.Path}: has no constant or value \"{missing}\"; export from the model that was trained");
        result ??= new ProtoWriter().Copy(model.Source, 0, model.FileLength);
        foreach (OnnxFunctionBuilder function in NewFunctions()) result.Message(25, function.Message());
        foreach ((string key, string value) in metadata) result.Message(14, ProtoMessages.Entry(key, value));
        return result;
    }

    /// <summary>StringStringEntryProto key 1: a key may be there once.</summary>
    bool IsReplacedEntry(WireReader entry)
    {
        while (entry.Next(out int field, out WireType type))
        {
            if (field == 1 && metadata.ContainsKey(entry.Name(type))) return true;
            if (field != 1) entry.Skip(type);
        }

        return false;
    }

    /// <summary>Functions that the new calls need and the model does not have; a function stands behind those it calls.</summary>
    IEnumerable<OnnxFunctionBuilder> NewFunctions() =>
    [
        .. calls.Values.Select(call => call.Function).Distinct().Where(function => model.Functions.All(known => known.Base != function))
            .Select(BaseFunctionBodies.Build),
        .. calls.Values.Where(call => call.HasEntries).Select(call => call.Function).Distinct().Select(TrackedFunction.Build),
    ];

    /// <summary>Nobody needs the functions any more that compute weights.</summary>
    bool ReplacesCalls => _calls.Count > 0 && _calls.All(replacements.ContainsKey);

    /// <summary>OperatorSetIdProto domain 1.</summary>
    bool IsBaseDomain(WireReader opset) => ReplacesCalls && Text(opset, 1) == BaseFunction.Domain;

    /// <summary>FunctionProto name 1, domain 10.</summary>
    bool IsBaseFunction(WireReader function)
    {
        var (name, domain) = (Text(function, 1), Text(function, 10));
        return ReplacesCalls && domain == BaseFunction.Domain && BaseFunction.All.Any(known => known.Name == name);
    }

    /// <summary>NodeProto output 2: the first that has a name.</summary>
    static string FirstOutput(WireReader node)
    {
        while (node.Next(out int field, out WireType type))
        {
            if (field != 2) node.Skip(type);
            else if (node.Name(type) is { Length: > 0 } name) return name;
        }

        return "";
    }

    /// <summary>FunctionProto name 1, node 7, domain 10, overload 13: the function with its nodes in inference mode.</summary>
    ProtoWriter? Function(WireReader message)
    {
        var (name, domain, overload) = (Text(message, 1), Text(message, 10), Text(message, 13));
        var nodes = new TrainingNodes(model.Functions.First(known => known.Name == name && known.Domain == domain && known.Overload == overload));
        return Fields(message, (inner, node) => inner == 7 ? Rewired(node, _noInputs, nodes, _ => false) ?? Node(node, mayReplace: false) : null);
    }

    /// <summary>A text field of a message; empty where there is none.</summary>
    static string Text(WireReader message, int wanted)
    {
        while (message.Next(out int field, out WireType type))
        {
            if (field == wanted) return message.Name(type);
            message.Skip(type);
        }

        return "";
    }

    /// <summary>GraphProto: node 1, initializer 5, input 11, output 12, value_info 13. Replaced calls and dequantizations become initializers.</summary>
    ProtoWriter? Graph(WireReader graph)
    {
        List<string> computed = [], called = [];
        ProtoWriter? result = Fields(graph, (field, message) => field switch
        {
            1 => Call(message, called) ?? (IsReplacedCall(message, computed) ? s_dropped : Overlaid(message) ?? Rewired(message, rewired, _training, _ => false) ?? Node(message, mayReplace: true)),
            5 => Tensor(message, mayReplace: true),
            11 or 12 or 13 => ValueInfo(message),
            _ => null,
        });
        foreach (string output in called)
        {
            foreach (ProtoWriter initializer in calls[output].Initializers(output)) result!.Message(5, initializer);
        }

        foreach (string name in computed)
        {
            _used.Add(name);
            ReplacedTensor replacement = replacements[name];
            AddInitializer(result!, name, FloatType(name), replacement);
        }

        foreach ((string name, OverlaidTensor overlay) in overlays)
            if (result is not null && _used.Contains(name)) AddOverlay(result, name, overlay);

        return result;
    }

    /// <summary>The graph of the model, with the initializers that single inputs read: branches see them too.</summary>
    ProtoWriter? MainGraph(WireReader graph)
    {
        ProtoWriter? result = Graph(graph);
        foreach (RewiredInput change in rewired.SelectMany(changes => changes)) AddInitializer(result!, change.Name, change.Type, change.Tensor);
        return result;
    }

    /// <summary>NodeProto output 2, name 3, domain 7: the call of a compact export; null for other nodes.</summary>
    ProtoWriter? Call(WireReader node, List<string> called)
    {
        if (calls.Count == 0 || Text(node, 7) != BaseFunction.Domain) return null;
        string output = Text(node, 2);
        if (!calls.TryGetValue(output, out TrackedCall? call)) return null;
        _used.Add(output);
        called.Add(output);
        return call.Node(Text(node, 3), output);
    }

    /// <summary>NodeProto output 2, op_type 4: a call, a dequantization or an Identity whose values are given.</summary>
    bool IsReplacedCall(WireReader node, List<string> computed)
    {
        string output = Text(node, 2);
        if (!replacements.ContainsKey(output) || !(_calls.Contains(output) || _dequantized.ContainsKey(output) || _weights.Copies.Contains(output))) return false;
        computed.Add(output);
        return true;
    }

    /// <summary>
    /// A DequantizeLinear under another name, and behind it nodes that lay values over its output. They work on the flat tensor, so that an
    /// index takes one number.
    /// </summary>
    ProtoWriter? Overlaid(WireReader node)
    {
        string name = Text(node, 2);
        if (!overlays.ContainsKey(name) || !_dequantized.ContainsKey(name)) return null;
        _used.Add(name);
        ProtoWriter source = Rewired(node, rewired, _training, field => field == 2) ?? Without(node, field => field == 2);
        ProtoWriter changed = source.String(2, name + ".base");
        _followers[changed] =
        [
            new OnnxNodeBuilder("Reshape", [name + ".base", name + ".flat"], [name + ".base.flat"], name + ".flatten", "").Message,
            new OnnxNodeBuilder("ScatterElements", [name + ".base.flat", name + ".indices", name + ".values"], [name + ".overlaid"], name + ".overlay", "")
                .Int("axis", 0).Message,
            new OnnxNodeBuilder("Reshape", [name + ".overlaid", name + ".shape"], [name], name + ".unflatten", "").Message,
        ];
        return changed;
    }

    /// <summary>
    /// NodeProto input 1, output 2, attribute 5: the node with inputs that read initializers of their own, and in inference mode; null where
    /// it stays as it is.
    /// </summary>
    ProtoWriter? Rewired(WireReader node, ILookup<string, RewiredInput> rewiring, TrainingNodes inTraining, Predicate<int> dropped)
    {
        string name = FirstOutput(node);
        var changes = rewiring[name].ToArray();
        OnnxNode? training = inTraining.Node(name);
        if (changes.Length == 0 && training is null) return null;
        List<string> inputs = [], outputs = [];
        WireReader reader = node;
        while (reader.Next(out int field, out WireType type))
        {
            if (field == 1) inputs.Add(reader.Name(type));
            else if (field == 2) outputs.Add(reader.Name(type));
            else reader.Skip(type);
        }

        foreach (RewiredInput change in changes) inputs[change.Input] = change.Name;
        if (training is null)
        {
            ProtoWriter same = Without(node, field => field == 1 || dropped(field));
            foreach (string input in inputs) same.String(1, input);
            return same;
        }

        string flag = TrainingForm.Attribute(training, inTraining.Opset);
        ProtoWriter result = Without(node, field => field is 1 or 2, attribute => Text(attribute, 1) == flag);
        foreach (string input in inputs.Take(TrainingForm.Inputs(training, inTraining.Opset))) result.String(1, input);
        foreach (string output in outputs.Take(TrainingForm.Outputs(training))) result.String(2, output);
        if (TrainingForm.NeedsTestFlag(inTraining.Opset))
            result.Message(5, new ProtoWriter().String(1, flag).Varint(3, 1).Varint(20, (int)OnnxAttributeType.Int));
        _followers[result] = [.. Enumerable.Range(TrainingForm.Outputs(training), Math.Max(0, Math.Min(outputs.Count, 3) - TrainingForm.Outputs(training)))
            .Where(output => inTraining.IsRead(outputs[output]))
            .Select(output => new OnnxNodeBuilder("Identity", [inputs[output + 2]], [outputs[output]], outputs[output] + ".running", "").Message)];
        return result;
    }

    /// <summary>GraphProto initializer 5, input 11: up to IR 3 every initializer is an input too.</summary>
    void AddInitializer(ProtoWriter graph, string name, OnnxDataType type, ReplacedTensor tensor)
    {
        graph.Message(5, ProtoMessages.Tensor(name, type, tensor.Dims, tensor.Read));
        if (model.IrVersion < 4) graph.Message(11, ProtoMessages.ValueInfo(name, type, [.. tensor.Dims.Select(dim => (OnnxDim)dim)]));
    }

    void AddOverlay(ProtoWriter graph, string name, OverlaidTensor overlay)
    {
        long[] shape = [.. overlay.Dims];
        graph.Message(5, ProtoMessages.Tensor(name + ".flat", [-1], [1]));
        graph.Message(5, ProtoMessages.Tensor(name + ".shape", shape, [shape.Length]));
        graph.Message(5, ProtoMessages.Tensor(name + ".indices", overlay.Indices, [overlay.Indices.Length]));
        graph.Message(5, ProtoMessages.Tensor(name + ".values", FloatType(name), [overlay.Values.Length],
            (start, chunk) => overlay.Values.AsSpan((int)start, chunk.Length).CopyTo(chunk)));
    }

    /// <summary>What a call or a dequantization gives: the latter has the type of its scale.</summary>
    OnnxDataType FloatType(string name) => _weights.Copies.Contains(name) ? _weights.Of(name) : _dequantized.TryGetValue(name, out OnnxNode? node) && node.Inputs.Count > 1
        && model.Graph.Initializer(node.Inputs[1]) is { } scale ? scale.DataType : OnnxDataType.Float;

    /// <summary>NodeProto: output 2, op_type 4, attribute 5.</summary>
    ProtoWriter? Node(WireReader node, bool mayReplace)
    {
        (string opType, string output) = ("", "");
        WireReader reader = node;
        while (mayReplace && reader.Next(out int field, out WireType type))
        {
            if (field == 4) opType = reader.Name(type);
            else if (field == 2 && output.Length == 0) output = reader.Name(type);
            else reader.Skip(type);
        }

        return opType == "Constant" && replacements.TryGetValue(output, out ReplacedTensor? replacement)
            ? Constant(node, output, replacement)
            : Fields(node, (field, message) => field == 5 ? Attribute(message) : null);
    }

    /// <summary>AttributeProto: t 5, g 6, tensors 10, graphs 11.</summary>
    ProtoWriter? Attribute(WireReader attribute) => Fields(attribute, (field, message) => field switch
    {
        5 or 10 => Tensor(message, mayReplace: false),
        6 or 11 => Graph(message),
        _ => null,
    });

    /// <summary>A Constant node with its value attribute written anew.</summary>
    ProtoWriter Constant(WireReader node, string output, ReplacedTensor replacement)
    {
        var dataType = OnnxDataType.Undefined;
        WireReader reader = node;
        while (reader.Next(out int field, out WireType type))
        {
            if (field != 5)
            {
                reader.Skip(type);
                continue;
            }

            WireReader attribute = reader.Message(type);
            while (attribute.Next(out int inner, out WireType innerType))
            {
                if (inner == 5) dataType = _tensors.Read(attribute.Message(innerType)).DataType;
                else if (inner == 1 && attribute.Name(innerType) is "value_float" or "value_floats") dataType = OnnxDataType.Float;
                else if (inner != 1) attribute.Skip(innerType);
            }
        }

        ProtoWriter tensor = ProtoMessages.Tensor("", Writable(output, dataType), replacement.Dims, replacement.Read);
        return Without(node, field => field == 5)
            .Message(5, new ProtoWriter().String(1, "value").Message(5, tensor).Varint(20, (int)OnnxAttributeType.Tensor));
    }

    /// <summary>TensorProto: dims 1, the six ways to hold values 4 to 7 and 9 to 11, external_data 13, data_location 14.</summary>
    ProtoWriter? Tensor(WireReader message, bool mayReplace)
    {
        OnnxTensor tensor = _tensors.Read(message);
        if (mayReplace && replacements.TryGetValue(tensor.Name, out ReplacedTensor? replacement))
        {
            OnnxDataType type = Writable(tensor.Name, tensor.DataType);
            return Without(message, field => field is 1 or 4 or 5 or 6 or 7 or 9 or 10 or 11 or 13 or 14)
                .Varints(1, replacement.Dims)
                .Floats(9, type, ProtoMessages.Count(replacement.Dims), replacement.Read);
        }

        return tensor.ExternalFile is null
            ? null
            : Without(message, field => field is 9 or 13 or 14).Copied(9, tensor.Data.Source, tensor.Data.Offset, tensor.Data.Length);
    }

    /// <summary>ValueInfoProto name 1, type 2; TypeProto tensor_type 1; Tensor shape 2.</summary>
    ProtoWriter? ValueInfo(WireReader message)
    {
        string name = "";
        WireReader reader = message;
        while (reader.Next(out int field, out WireType type))
        {
            if (field == 1) name = reader.Name(type);
            else reader.Skip(type);
        }

        IReadOnlyList<long>? dims = shapes.GetValueOrDefault(name);
        if (dims is not null) _used.Add(name);
        else if (replacements.TryGetValue(name, out ReplacedTensor? replacement)) dims = replacement.Dims;
        if (dims is null) return null;
        return Fields(message, (field, type) => field != 2 ? null
            : Fields(type, (inner, tensor) => inner != 1 ? null
            : Fields(tensor, (innermost, shape) => innermost == 2 ? Shape(shape, name, dims) : null)));
    }

    /// <summary>TensorShapeProto: dim 1, with dim_value 1.</summary>
    ProtoWriter? Shape(WireReader shape, string name, IReadOnlyList<long> dims)
    {
        int rank = 0;
        ProtoWriter? result = Fields(shape, (field, _) =>
        {
            long dim = field == 1 && rank < dims.Count ? dims[rank] : -1;
            if (field == 1) rank++;
            return dim < 0 ? null : new ProtoWriter().Varint(1, dim);
        });
        return rank == dims.Count
            ? result
            : throw EdbException.Failed($"{model.Path}: value \"{name}\" is declared with {rank} dimensions, given {dims.Count}; give all");
    }

    OnnxDataType Writable(string name, OnnxDataType type)
    {
        _used.Add(name);
        return type.IsFloatingPoint() ? type : throw EdbException.Failed(
            $"{model.Path}: tensor \"{name}\" is {type.Label()}, expected fp32, fp16, bf16 or fp64; leave it out");
    }

    /// <summary>The message with some nested messages changed, or null when none is.</summary>
    ProtoWriter? Fields(WireReader message, Change change)
    {
        if (model.NodeOrders.TryGetValue(message.Start, out NodeSequence? order)) return Sorted(message, order, change);
        ProtoWriter? result = null;
        long copied = message.Start;
        while (message.Next(out int field, out WireType type))
        {
            long fieldStart = message.FieldStart;
            if (type != WireType.Bytes)
            {
                message.Skip(type);
            }
            else if (change(field, message.Packed(type)) is { } changed)
            {
                result = (result ?? new()).Copy(model.Source, copied, fieldStart - copied);
                if (changed != s_dropped) result.Message(field, changed);
                foreach (ProtoWriter follower in _followers.GetValueOrDefault(changed) ?? []) result.Message(field, follower);
                copied = message.Position;
            }
        }

        return result?.Copy(model.Source, copied, message.Position - copied);
    }

    /// <summary>The message of a graph or function with its nodes in the order to compute in, behind all other fields.</summary>
    ProtoWriter Sorted(WireReader message, NodeSequence order, Change change)
    {
        var result = new ProtoWriter();
        var nodes = new List<ProtoWriter>(order.Positions.Length);
        while (message.Next(out int field, out WireType type))
        {
            long start = message.FieldStart;
            ProtoWriter target = result;
            if (type == WireType.Bytes && field == order.Field) nodes.Add(target = new ProtoWriter());
            ProtoWriter? changed = null;
            if (type == WireType.Bytes) changed = change(field, message.Packed(type));
            else message.Skip(type);
            if (changed is null) target.Copy(model.Source, start, message.Position - start);
            else if (changed != s_dropped) target.Message(field, changed);
            foreach (ProtoWriter follower in changed is null ? [] : _followers.GetValueOrDefault(changed) ?? []) target.Message(field, follower);
        }

        foreach (int position in order.Positions) result.Append(nodes[position]);
        return result;
    }

    /// <summary>The message without some fields, and without some attributes.</summary>
    ProtoWriter Without(WireReader message, Predicate<int> dropped, Predicate<WireReader>? isDropped = null)
    {
        var result = new ProtoWriter();
        while (message.Next(out int field, out WireType type))
        {
            long fieldStart = message.FieldStart;
            bool isLeftOut = dropped(field);
            if (field == 5 && isDropped is not null && type == WireType.Bytes) isLeftOut = isDropped(message.Packed(type));
            else message.Skip(type);
            if (!isLeftOut) result.Copy(model.Source, fieldStart, message.Position - fieldStart);
        }

        return result;
    }
}
