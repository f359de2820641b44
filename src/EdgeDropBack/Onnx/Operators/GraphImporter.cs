using EdgeDropBack.Files;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>
/// Second stage of the pipeline: from an <see cref="OnnxModel"/> to a <see cref="Graph"/> for one batch size. Reads top to bottom:
/// inputs, initializers, nodes, outputs. Every node is tried, so that all problems of a model are named at once.
/// </summary>
sealed class GraphImporter
{
    const int ProblemsShown = 5;

    readonly OnnxModel _model;
    readonly ImportOptions _options;
    readonly GraphBuilder _builder;
    readonly List<NodeVerdict> _verdicts = [];
    readonly List<string> _problems = [];
    readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    readonly HeadReplacement? _head;
    readonly IReadOnlyDictionary<string, OnnxDim[]> _dims;
    readonly bool[]? _leadsToOutput;
    Graph? _graph;
    int _inlined;

    GraphImporter(OnnxModel model, ImportOptions options)
    {
        if (options.Batch < 1) throw EdbException.Usage($"batch is {options.Batch}, expected 1 or more");
        (_model, _options) = (model, options);
        if (model.IsTrainingArtifact)
            throw EdbException.Refused($"{model.Path}: this is a training graph of ONNX Runtime Training; give the forward model that it was generated from");
        _leadsToOutput = options.Output is { } output ? NodeReads.LeadingTo(model.Graph, output) : null;
        _head = options.NewHead is { } head ? HeadReplacement.Find(model, head, _leadsToOutput) : null;
        _dims = OpenDims.Resolve(model, options.Dims);
        _builder = new GraphBuilder(model.Path, options.Batch, DeclaredBatch(), new SharedReads(options.Cut is { } shared ? options.Frozen.Concat(shared.Shared).ToHashSet() : options.Frozen), new ValueReaders(model), _head);
    }

    /// <summary>The graph of a model for <see cref="ImportOptions.Batch"/> samples.</summary>
    /// <exception cref="EdbException">Exit code 3, with every node that cannot be used, up to five.</exception>
    public static Graph Import(OnnxModel model, ImportOptions options)
    {
        TrackedFunction.RefuseCalls(model);
        var importer = Imported(model, options);
        if (importer._problems.Count > 0)
        {
            var more = importer._problems.Count > ProblemsShown ? $"; and {importer._problems.Count - ProblemsShown} more, see `edb inspect {ShellWord.Quote(model.Path)}`" : "";
            throw EdbException.Refused($"{model.Path}: {string.Join("; ", importer._problems.Take(ProblemsShown))}{more}");
        }
        return importer._graph!;
    }

    /// <summary>
    /// Weights that a function reads both as a parameter and as numbers could not be told apart in an export: they are not trained.
    /// </summary>
    static GraphImporter Imported(OnnxModel model, ImportOptions options)
    {
        var importer = new GraphImporter(model, options);
        importer.Run();
        var inseparable = importer._graph?.FixedReads.Where(read => !read.IsInFile && importer._builder.HasParameter(read.Name)).Select(read => read.Name)
            .ToHashSet(StringComparer.Ordinal);
        if (inseparable is null or { Count: 0 }) return importer;
        importer = new GraphImporter(model, options with { Frozen = inseparable });
        importer.Run();
        return importer;
    }

    /// <summary>A verdict per node, and the graph where all nodes can be used.</summary>
    public static (IReadOnlyList<NodeVerdict> Verdicts, Graph? Graph, IReadOnlyList<string> Problems) Inspect(OnnxModel model, ImportOptions options)
    {
        var importer = Imported(model, options);
        return (importer._verdicts, importer._graph, importer._problems);
    }

    /// <summary>Shapes of all values of a model that can be had without running it.</summary>
    internal static IReadOnlyDictionary<string, Shape> Shapes(OnnxModel model, ImportOptions options)
    {
        var importer = new GraphImporter(model, options);
        importer.Run();
        return model.Graph.Nodes.SelectMany(node => node.Outputs).Concat(model.Graph.Inputs.Select(input => input.Name)).Distinct(StringComparer.Ordinal)
            .Where(name => importer._builder.Knows(name)).ToDictionary(name => name, name => importer._builder.Find(name).Shape, StringComparer.Ordinal);
    }

    void Run()
    {
        if (_model.Opsets.GetValueOrDefault("") is var opset && opset > OnnxVersions.NewestOpset)
            _problems.Add($"the model is written in opset {opset}, and {OnnxVersions.NewestOpset} is the newest known here: operators may mean something else; "
                + $"export it with opset {OnnxVersions.NewestOpset} or lower");
        var inputs = _options.Cut is { } cut ? BindCut(cut) : BindInputs();
        foreach (var tensor in _model.Graph.Initializers)
        {
            var isFrozen = _options.Cut is { } shares && shares.Shared.Contains(tensor.Name);
            if (!_builder.Knows(tensor.Name)) Try(() => _builder.Bind(tensor.Name, _head?.Replace(tensor) ?? Operand.Of(tensor, tensor.Name, isFrozen)));
        }
        foreach (var name in _model.Graph.SparseInitializers)
        {
            var reader = _model.Graph.Nodes.FirstOrDefault(node => node.Inputs.Contains(name));
            _problems.Add($"{(reader is null ? "" : $"node {reader}: ")}initializer '{name}' is sparse, which is not supported; export it dense");
            _lost.Add(name);
        }
        foreach (var node in _model.Graph.Nodes)
        {
            if (_leadsToOutput?[node.Ordinal] == false) continue;
            if (_options.Cut?.Nodes[node.Ordinal] != false) Import(node);
            else _verdicts.Add(new(node.Ordinal, node.Name, node.OpType, Verdict.Frozen, "", ""));
        }
        if (_options.KeepsOtherOutputs) ImportOtherOutputs();
        var (outputs, names) = (new List<Value>(), new List<string>());
        foreach (var output in _model.Graph.Outputs)
        {
            if (_options.Output is { } only && only != output.Name && !_options.KeepsOtherOutputs) continue;
            if (_lost.Contains(output.Name) || (_options.Cut is not null && !_builder.Knows(output.Name))) continue;
            Try(() =>
            {
                outputs.Add(_builder.ToValue(_builder.Find(output.Name), trainable: false));
                names.Add(output.Name);
            });
        }
        if (_options.KeepsEveryValue) KeepEveryValue(outputs);
        names.AddRange(outputs.Skip(names.Count).Select(output => output.Name));
        if (_problems.Count == 0 && inputs.Count == 0 && outputs.Any(output => output.Kind != ValueKind.Constant))
            _problems.Add("the graph has no inputs; export the model again");
        if (_problems.Count == 0 && outputs.Count == 0) _problems.Add("the graph has no outputs; export the model again");
        if (_problems.Count == 0) _graph = _builder.Finish(_model.Graph.Name, inputs, outputs, names, _builder.Shared.Fixed(_model), Trained());
    }

    Value? Trained() => _options.Output is { } output ? _builder.ToValue(_builder.Find(output), trainable: false) : null;

    /// <summary>The nodes that only other outputs depend on come last: the parameters are those of the trained output, in its order.</summary>
    void ImportOtherOutputs()
    {
        _builder.FreezesWeights = true;
        foreach (var node in _model.Graph.Nodes.Where(node => _leadsToOutput?[node.Ordinal] == false))
        {
            if (_options.Cut is not null)
            {
                _verdicts.Add(new(node.Ordinal, node.Name, node.OpType, Verdict.NotReached, "", OtherOutput));
                continue;
            }
            Import(node);
            if (_verdicts[^1] is { Verdict: Verdict.Trainable } verdict) _verdicts[^1] = verdict with { Verdict = Verdict.ForwardOnly, Reason = OtherOutput };
        }
        _verdicts.Sort((a, b) => a.Ordinal.CompareTo(b.Ordinal));
    }

    string OtherOutput => $"does not lead to output '{_options.Output}', which is trained";

    void KeepEveryValue(List<Value> outputs)
    {
        var kept = outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in _model.Graph.Nodes.SelectMany(node => node.Outputs))
            if (_builder.Knows(name) && _builder.Find(name).Value is { Kind: ValueKind.Activation } value && value.Name == name && kept.Add(name))
                outputs.Add(value);
    }

    void Try(Action action)
    {
        try
        {
            action();
        }
        catch (EdbException e)
        {
            _problems.Add(e.Message);
        }
    }

    List<Value> BindInputs()
    {
        var inputs = new List<Value>();
        foreach (var info in _model.Graph.Inputs)
        {
            if (_model.Graph.Initializer(info.Name) is not null) continue;
            Try(() =>
            {
                if (_options.FixedInputs.TryGetValue(info.Name, out var constant))
                {
                    _builder.Bind(info.Name, Operand.Of(constant));
                    return;
                }
                var value = _builder.NewValue(info.Name, InputShape(info, inputs.Count == 0), ValueKind.Input);
                _builder.Bind(info.Name, Operand.Of(value, info.ElementType));
                inputs.Add(value);
            });
            if (!_builder.Knows(info.Name)) _lost.Add(info.Name);
        }
        return inputs;
    }

    List<Value> BindCut(ImportCut cut)
    {
        foreach (var (name, constant) in cut.Constants) Try(() => _builder.Bind(name, Operand.Of(constant)));
        if (cut.Values is [var only])
        {
            var value = _builder.NewValue(only.Name, new Shape([_options.Batch, .. only.SampleShape]), ValueKind.Input);
            Try(() => _builder.Bind(only.Name, Operand.Of(value, only.Type)));
            return [value];
        }
        var length = cut.Values.Sum(value => value.Length);
        var packed = _builder.NewValue(ImportCut.InputName, new Shape(_options.Batch, length), ValueKind.Input);
        foreach (var value in cut.Values)
        {
            var view = StridedView.Slice([_options.Batch, length], [0, value.Offset], [_options.Batch, value.Length], [1, 1]);
            var part = _builder.Add($"{value.Name}.part", new StridedViewOperator("Slice", view), [packed], $"{value.Name}.part", new Shape(_options.Batch, value.Length));
            var shaped = _builder.Add($"{value.Name}.shaped", new ViewOperator("Reshape"), [part], value.Name, new Shape([_options.Batch, .. value.SampleShape]));
            Try(() => _builder.Bind(value.Name, Operand.Of(shaped, value.Type)));
        }
        return [packed];
    }

    Shape InputShape(OnnxValueInfo info, bool isFirst)
    {
        if (!info.IsTensor) throw EdbException.Refused($"input '{info.Name}' is a {info.Kind}; only tensors are supported");
        if (info.ElementType is OnnxDataType.String or OnnxDataType.Complex64 or OnnxDataType.Complex128)
            throw EdbException.Refused($"input '{info.Name}' holds {info.ElementType}; only numbers are supported");
        if (_options.InputShapes.TryGetValue(info.Name, out var whole)) return new Shape(whole);
        if (_options.SampleShapes.TryGetValue(info.Name, out var sample) || (isFirst && _options.SampleShapes.TryGetValue("", out sample)))
        {
            if (info.Dims is { } declared) CheckSample(info.Name, declared, sample);
            return new Shape([_options.Batch, .. sample]);
        }
        if (!_dims.TryGetValue(info.Name, out var dims))
            throw EdbException.Refused($"input '{info.Name}' has no declared shape; export it with one");
        var shape = new int[dims.Length];
        var batchAxis = OpenDims.BatchAxis(info.Dims!);
        for (var i = 0; i < shape.Length; i++)
        {
            var isBatch = i == batchAxis && (info.Dims![i].Symbol is null || OpenDims.IsOpen(dims[i]));
            if (!isBatch && OpenDims.IsOpen(dims[i])) throw OpenDims.Missing(info, dims);
            shape[i] = isBatch ? _options.Batch : ImportShapes.Small(dims[i].Value!.Value, $"input '{info.Name}'");
        }
        return new Shape(shape);
    }

    static void CheckSample(string name, IReadOnlyList<OnnxDim> declared, int[] sample)
    {
        if (Array.Exists(sample, size => size < 1))
            throw EdbException.Refused($"input '{name}': samples of [{string.Join(", ", sample)}] hold no values; every size is 1 or more");
        var fits = declared.Count == sample.Length + 1;
        for (var i = 0; fits && i < sample.Length; i++) fits = declared[i + 1].Value is not { } value || value <= 0 || value == sample[i];
        if (!fits)
            throw EdbException.Refused($"input '{name}' is [{string.Join(", ", declared)}], but the samples are [{string.Join(", ", sample)}]; "
                + "use data made for this model");
    }

    int DeclaredBatch()
    {
        if (_options.Cut is { } cut) return cut.Batch;
        if (_options.InputShapes.Count > 0) return 0;
        return OpenDims.FixedBatch(_model);
    }

    void Import(OnnxNode node)
    {
        if (node.Inputs.FirstOrDefault(_lost.Contains) is { } lost)
        {
            if (OperatorRegistry.Find(node.Domain, node.OpType) is not null || FunctionCall.Find(_model, node) is not null)
                Lose(node, Verdict.NotReached, $"reads '{lost}', which could not be made");
            else
            {
                var unknown = UnsupportedOperator.Message(_model, node);
                _problems.Add($"node {node}: {unknown}");
                Lose(node, Verdict.Unsupported, unknown);
            }
            return;
        }
        var before = _builder.Nodes.Count;
        try
        {
            _builder.IsInFunction = false;
            Emit(node, _model.Opsets, 0);
            var added = _builder.Nodes.Skip(before).ToArray();
            var verdict = FunctionCall.Find(_model, node)?.Base is not null ? Verdict.Regenerated : added.Length == 0 ? Verdict.Folded : added.All(n => n.Operator.HasGradient) ? Verdict.Trainable : Verdict.ForwardOnly;
            var shape = node.Outputs.Count > 0 && _builder.Knows(node.Outputs[0]) ? _builder.Find(node.Outputs[0]).Shape.ToString() : "";
            var reason = verdict == Verdict.ForwardOnly ? "has no gradient: weights in front of it stay as they are"
                : TrainingForm.IsOf(node, (int)_model.Opsets.GetValueOrDefault("", 1)) && !TrainingNodes.IsTurnedOff(_model.Graph, node) ? TrainingForm.Remark(node) : "";
            _verdicts.Add(new(node.Ordinal, node.Name, node.OpType, verdict, shape, reason));
        }
        catch (Exception e) when (e is EdbException or ArgumentException or OverflowException)
        {
            var reason = e is EdbException ? e.Message : $"attributes and shapes do not fit together ({e.Message}); export the model again";
            _problems.Add($"node {node}: {reason}");
            Lose(node, Verdict.Unsupported, reason);
        }
    }

    /// <summary>The node itself, or the nodes of the function that it calls.</summary>
    void Emit(OnnxNode node, IReadOnlyDictionary<string, long> opsets, int depth)
    {
        if (OperatorRegistry.Find(node.Domain, node.OpType) is { } import)
        {
            import(new NodeImport(_builder, node, (int)opsets.GetValueOrDefault("", 1)));
            return;
        }
        if (node is { OpType: "If", Domain: "" or "ai.onnx" })
        {
            EmitBranch(node, opsets, depth);
            return;
        }
        if (FunctionCall.Find(_model, node) is not { } function) throw EdbException.Refused(UnsupportedOperator.Message(_model, node));
        if (TrackedFunction.IsCalledBy(node))
            throw EdbException.Refused(TrackedFunction.Refusal);
        if (depth == 0 && function.Base is { } known)
        {
            _builder.Bind(node.Outputs.FirstOrDefault() ?? "", BaseCall.Import(known, node, _options.BaseSeed));
            return;
        }
        ImportShapes.Expect(depth < FunctionCall.MaxDepth, $"function {function.Name} calls itself, or is called {depth} deep; export the model without it");
        var wasInFunction = _builder.IsInFunction;
        _builder.IsInFunction = true;
        foreach (var inner in FunctionCall.Inline(function, node))
        {
            ImportShapes.Expect(++_inlined <= FunctionCall.MaxNodes, $"the functions of the model stand for more than {FunctionCall.MaxNodes} nodes");
            try
            {
                Emit(inner, function.Opsets, depth + 1);
            }
            catch (EdbException e) when (FunctionCall.Find(_model, inner) is null)
            {
                throw EdbException.Refused($"in function {function.Name}, {inner}: {e.Message}");
            }
        }
        _builder.IsInFunction = wasInFunction;
        foreach (var (output, input) in FunctionCall.Passed(function, node)) _builder.Bind(output, _builder.Find(input));
    }

    /// <summary>The branch that the condition chooses while the graph is made; its names are unique in the whole model.</summary>
    void EmitBranch(OnnxNode node, IReadOnlyDictionary<string, long> opsets, int depth)
    {
        var condition = _builder.Find(node.Inputs.FirstOrDefault() ?? "");
        ImportShapes.Expect(condition.Value is null, "the condition is computed at run time, which is not supported; export the model with the "
            + "condition fixed, or cut it there");
        ImportShapes.Expect(depth < FunctionCall.MaxDepth, $"branches and functions are nested more than {FunctionCall.MaxDepth} deep");
        var name = new NodeImport(_builder, node, 1).Constant(0).Values is [not 0] ? "then_branch" : "else_branch";
        var branch = node.Graph(name) ?? throw EdbException.Refused($"{name} is missing; export the model again");
        ImportShapes.Expect(branch.Outputs.Count == node.Outputs.Count, $"{name} has {branch.Outputs.Count} outputs, the node {node.Outputs.Count}");
        foreach (var tensor in branch.Initializers) _builder.Bind(tensor.Name, Operand.Of(tensor, tensor.Name));
        foreach (var inner in branch.Nodes)
        {
            ImportShapes.Expect(++_inlined <= FunctionCall.MaxNodes, $"the branches of the model stand for more than {FunctionCall.MaxNodes} nodes");
            try
            {
                Emit(inner, opsets, depth + 1);
            }
            catch (EdbException e)
            {
                throw EdbException.Refused($"in {name}, {inner}: {e.Message}");
            }
        }
        for (var i = 0; i < node.Outputs.Count; i++)
            if (node.Outputs[i].Length > 0) _builder.Rename(branch.Outputs[i].Name, node.Outputs[i]);
    }

    void Lose(OnnxNode node, Verdict verdict, string reason)
    {
        foreach (var output in node.Outputs) if (output.Length > 0 && !_builder.Knows(output)) _lost.Add(output);
        _verdicts.Add(new(node.Ordinal, node.Name, node.OpType, verdict, "", reason));
    }
}
