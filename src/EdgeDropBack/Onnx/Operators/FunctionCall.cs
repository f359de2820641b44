namespace EdgeDropBack.Onnx;

/// <summary>A call of a function that the model defines, as the nodes that it stands for.</summary>
static class FunctionCall
{
    /// <summary>Functions may call functions, but not without end.</summary>
    public const int MaxDepth = 32;

    /// <summary>Nodes that all calls of a model may stand for.</summary>
    public const int MaxNodes = 1 << 17;

    public static OnnxFunction? Find(OnnxModel model, OnnxNode call)
        => model.Functions.FirstOrDefault(f => f.Name == call.OpType && f.Domain == call.Domain && f.Overload == call.Overload);

    /// <summary>The body with the call's values and attributes in it; names of its own stand behind the name of the call.</summary>
    public static IEnumerable<OnnxNode> Inline(OnnxFunction function, OnnxNode call)
    {
        ImportShapes.Expect(call.Inputs.Count <= function.Inputs.Count && call.Outputs.Count <= function.Outputs.Count,
            $"the call has {call.Inputs.Count} inputs and {call.Outputs.Count} outputs, function {function.Name} takes {function.Inputs.Count} "
            + $"and gives {function.Outputs.Count}");
        var scope = $"{(call.Name.Length > 0 ? call.Name : $"{call.OpType}_{call.Ordinal}")}/";
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "" };
        for (var i = 0; i < function.Inputs.Count; i++) names[function.Inputs[i]] = i < call.Inputs.Count ? call.Inputs[i] : "";
        for (var i = 0; i < call.Outputs.Count; i++) if (call.Outputs[i].Length > 0) names.TryAdd(function.Outputs[i], call.Outputs[i]);
        string Renamed(string name) => names.TryGetValue(name, out var outer) ? outer : names[name] = scope + name;
        foreach (var node in function.Nodes)
        {
            var name = scope + (node.Name.Length > 0 ? node.Name : $"{node.OpType}_{node.Ordinal}");
            yield return new OnnxNode(node.File, call.Ordinal, name, node.OpType, node.Domain, node.Overload, [.. node.Inputs.Select(Renamed)],
                [.. node.Outputs.Select(Renamed)], [.. node.Attributes.Select(a => Resolved(a, function, call)).OfType<OnnxAttribute>()]);
        }
    }

    /// <summary>Outputs that are inputs of the function: (the call's output, the call's input).</summary>
    public static IEnumerable<(string Output, string Input)> Passed(OnnxFunction function, OnnxNode call)
    {
        for (var o = 0; o < call.Outputs.Count; o++)
        {
            for (var i = 0; i < call.Inputs.Count; i++)
                if (call.Outputs[o].Length > 0 && function.Outputs[o] == function.Inputs[i]) yield return (call.Outputs[o], call.Inputs[i]);
        }
    }

    /// <summary>An attribute that refers to one of the function takes the call's value, or the default; it is absent where both are.</summary>
    static OnnxAttribute? Resolved(OnnxAttribute attribute, OnnxFunction function, OnnxNode call)
    {
        if (attribute.ReferencedName is not { } outer) return attribute;
        var value = call.Attribute(outer) ?? function.AttributeDefaults.FirstOrDefault(a => a.Name == outer);
        return value is null ? null : new OnnxAttribute
        {
            Name = attribute.Name,
            Type = value.Type,
            ReferencedName = value.ReferencedName,
            Float = value.Float,
            Int = value.Int,
            Bytes = value.Bytes,
            Tensor = value.Tensor,
            Graph = value.Graph,
            Floats = value.Floats,
            Ints = value.Ints,
            Strings = value.Strings,
            Tensors = value.Tensors,
            Graphs = value.Graphs,
        };
    }
}
