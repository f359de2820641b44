using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Planning;

/// <summary>
/// Orders the steps, finds out what must be kept for how long, and lays the arena out (Law 3). Nothing is propagated below the
/// lowest node that needs it, and values that the backward does not read die in the forward.
/// </summary>
sealed partial class Planner
{
    readonly Graph _graph;
    readonly PlannedNode[] _forward;
    readonly Value?[] _viewRoot;
    readonly List<int>[] _readers;
    readonly bool[] _needsGradient;
    readonly PlannedBuffer?[] _values;
    readonly PlannedBuffer?[] _gradients;
    readonly List<PlannedBuffer> _buffers = [];
    readonly List<PlannedNode> _backward = [];

    Planner(Graph graph, IReadOnlyList<Value> results, Func<Parameter, bool> wants, Value? lossInput, Recomputation? recomputation = null)
    {
        _graph = graph;
        _forward = [.. NeededNodes(graph, results).Select((node, index) => new PlannedNode(node, index) { ForwardTime = index })];
        _part = [.. _forward.Select(planned => (recomputation ?? Recomputation.None).PartOf(planned.Index))];
        _isDropped = new bool[graph.ValueCount];
        _again = new PlannedBuffer?[graph.ValueCount];
        _time = LossTime;
        _viewRoot = new Value?[graph.ValueCount];
        _readers = new List<int>[graph.ValueCount];
        _needsGradient = new bool[graph.ValueCount];
        _values = new PlannedBuffer?[graph.ValueCount];
        _gradients = new PlannedBuffer?[graph.ValueCount];
        FindViewsAndReaders();
        if (lossInput is not null) FindNeededGradients(wants);
        PlaceValues(results);
        if (lossInput is not null) PlaceGradients(lossInput);
        foreach (var result in results) _values[Root(result).Id]?.Touch(LossTime);
        foreach (var planned in _forward) Resolve(planned, value => _values[Root(value).Id]);
    }

    int LossTime => _forward.Length;

    /// <summary>A plan that computes <paramref name="results"/> and nothing else.</summary>
    public static TrainingPlan ForInference(Graph graph, IReadOnlyList<Value>? results = null)
        => new Planner(graph, results ?? graph.Outputs, _ => false, null).Finish(null);

    /// <summary>A plan for forward, loss on <paramref name="lossInput"/>, and the gradients of the wanted parameters.</summary>
    /// <param name="recomputation">What the backward computes again instead of keeping it; null for nothing.</param>
    public static TrainingPlan ForTraining(Graph graph, Value lossInput, Func<Parameter, bool> wants, Recomputation? recomputation = null)
        => new Planner(graph, [lossInput], wants, lossInput, recomputation).Finish(lossInput);

    static IEnumerable<Node> NeededNodes(Graph graph, IReadOnlyList<Value> results)
    {
        var needed = new bool[graph.ValueCount];
        foreach (var result in results) needed[result.Id] = true;
        var nodes = new Stack<Node>();
        foreach (var node in graph.Nodes.Reverse())
        {
            if (!node.Outputs.Any(output => needed[output.Id])) continue;
            nodes.Push(node);
            foreach (var input in node.Inputs) if (input is not null) needed[input.Id] = true;
        }
        return nodes;
    }

    Value Root(Value value) => _viewRoot[value.Id] ?? value;

    void FindViewsAndReaders()
    {
        foreach (var planned in _forward)
        {
            foreach (var input in planned.Node.Inputs)
            {
                if (input is null || planned.Node.Operator.IsView) continue;
                (_readers[Root(input).Id] ??= []).Add(planned.Index);
            }
            if (planned.Node.Operator.IsView) _viewRoot[planned.Node.Outputs[0].Id] = Root(planned.Node.Inputs[0]!);
        }
    }

    void FindNeededGradients(Func<Parameter, bool> wants)
    {
        foreach (var planned in _forward)
        {
            var node = planned.Node;
            var needs = false;
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] is not { } input) continue;
                if (input.Parameter is { } parameter) needs |= planned.WantsWeightGradient[i] = wants(parameter);
                else needs |= _needsGradient[Root(input).Id];
            }
            if (!needs || node.Operator.StopsGradient) continue;
            if (!node.Operator.HasGradient)
                throw EdbException.Refused($"node {node} has no gradient, and a weight in front of it is to be trained; "
                    + "leave the weights in front of it out, or replace the operator");
            foreach (var output in node.Outputs) _needsGradient[Root(output).Id] = true;
        }
    }

    void PlaceValues(IReadOnlyList<Value> results)
    {
        var isResult = new bool[_graph.ValueCount];
        foreach (var result in results) isResult[Root(result).Id] = true;
        FindDropped(isResult);
        foreach (var input in _graph.Inputs)
            if (_readers[input.Id] is not null || isResult[input.Id]) New(_values, input, BufferUse.Input).Touch(0);
        foreach (var planned in _forward)
        {
            var node = planned.Node;
            if (node.Operator.IsView) continue;
            planned.IsInPlace = CanRunInPlace(planned, isResult);
            if (planned.IsInPlace) FuseWithProducer(planned);
            foreach (var output in node.Outputs)
            {
                if (planned.IsInPlace) _values[output.Id] = _values[Root(node.Inputs[0]!).Id];
                else New(_values, output, BufferUse.Activation);
                _values[output.Id]!.Touch(planned.Index);
            }
            foreach (var input in node.Inputs) if (input is not null) _values[Root(input).Id]?.Touch(planned.Index);
            if (node.Operator.SavedFloats(node) is var saved and > 0)
                (planned.Saved = New(node.Name + ".saved", BufferUse.Saved, saved)).Touch(planned.Index);
            if (node.Operator.WorkspaceFloats(node) is var workspace and > 0)
                (planned.Workspace = New(node.Name + ".workspace", BufferUse.Workspace, workspace)).Touch(planned.Index);
        }
    }

    bool CanRunInPlace(PlannedNode planned, bool[] isResult)
    {
        var node = planned.Node;
        if (!node.Operator.CanRunInPlace || node.Inputs[0] is not { Kind: ValueKind.Activation } input) return false;
        var root = Root(input);
        if (root.Kind != ValueKind.Activation || isResult[root.Id] || root.Shape.Count != node.Outputs[0].Shape.Count) return false;
        if (_readers[root.Id] is not [var only] || only != planned.Index) return false;
        var producer = Producer(root);
        if (_part[producer.Index] != _part[planned.Index]) return false;
        if (!_needsGradient[Root(node.Outputs[0]).Id]) return true;
        return !producer.Node.Operator.BackwardReadsOutput && !node.Operator.BackwardReadsInput(0, _ => true);
    }

    PlannedNode Producer(Value value) => _forward.First(planned => planned.Node.Outputs.Any(output => output.Id == value.Id));

    /// <summary>A Relu in place becomes part of the node in front of it where that can: memory is passed over once, not twice.</summary>
    void FuseWithProducer(PlannedNode planned)
    {
        if (planned.Node is not { Operator: UnaryOperator { Kind: UnaryKind.Relu }, Inputs: [{ } input, ..] } || _viewRoot[input.Id] is not null) return;
        var producer = Producer(input);
        producer.IsRectified = planned.IsFused = producer.Node.Operator.CanRectify(producer.Node);
        // Both values are one buffer: what keeps the one keeps the other.
        if (planned.IsFused) _isDropped[input.Id] = _isDropped[planned.Node.Outputs[0].Id];
    }

    void PlaceGradients(Value lossInput)
    {
        if (!_needsGradient[Root(lossInput).Id])
            throw EdbException.Refused($"no trainable weight reaches output '{lossInput.Name}'; nothing can be trained in this model");
        New(_gradients, Root(lossInput), BufferUse.Gradient).Touch(LossTime);
        var (part, again) = (-1, new List<PlannedNode>());
        for (var i = _forward.Length - 1; i >= 0; i--)
        {
            var node = _forward[i].Node;
            if (node.Operator.IsView || !node.Outputs.Any(output => _gradients[Root(output).Id] is not null)) continue;
            if (_forward[i].IsFused)
            {
                var input = node.Inputs[0]!;
                if (_needsGradient[input.Id]) _gradients[input.Id] = _gradients[Root(node.Outputs[0]).Id];
                continue;
            }
            var isNewPart = _part[i] != part;
            if (isNewPart) again = ComputeAgain(part = _part[i]);
            var planned = BackwardOf(_forward[i], again);
            if (isNewPart) planned.Recomputed = again;
            PlaceGradientsOf(planned);
            if (planned != _forward[i]) Resolve(planned, Held);
            _backward.Add(planned);
        }
    }

    void PlaceGradientsOf(PlannedNode planned)
    {
        var node = planned.Node;
        var time = planned.BackwardTime = ++_time;
        for (var o = 0; o < node.Outputs.Count; o++)
        {
            planned.ZeroGradient[o] = _gradients[Root(node.Outputs[o]).Id] is null;
            (_gradients[Root(node.Outputs[o]).Id] ?? New(_gradients, node.Outputs[o], BufferUse.Gradient)).Touch(time);
        }
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i] is not { Parameter: null } input || !_needsGradient[Root(input).Id]) continue;
            var root = Root(input);
            if (_gradients[root.Id] is null)
            {
                if (i == 0 && node.Operator.CanRunBackwardInPlace(node) && root.Shape.Count == node.Outputs[0].Shape.Count)
                    _gradients[root.Id] = _gradients[Root(node.Outputs[0]).Id];
                else New(_gradients, root, BufferUse.Gradient);
                planned.InputGradients[i] = _gradients[root.Id];
            }
            else
            {
                planned.InputGradients[i] = New(input.Name + ".gradient+", BufferUse.Gradient, root.Shape.Count);
                planned.AddTo[i] = _gradients[root.Id];
                planned.AddTo[i]!.Touch(time);
            }
            planned.InputGradients[i]!.Touch(time);
        }
        bool Wants(int input) => planned.InputGradients[input] is not null || planned.WantsWeightGradient[input];
        for (var i = 0; i < node.Inputs.Count; i++)
            if (node.Inputs[i] is { } input && node.Operator.BackwardReadsInput(i, Wants)) Held(input)?.Touch(time);
        if (node.Operator.BackwardReadsOutput || planned.IsRectified) foreach (var output in node.Outputs) Held(output)!.Touch(time);
        planned.Saved?.Touch(time);
        if (planned.Workspace is not null)
            (planned.BackwardWorkspace = New(node.Name + ".workspace", BufferUse.Workspace, planned.Workspace.Floats)).Touch(time);
    }

    void Resolve(PlannedNode planned, Func<Value, PlannedBuffer?> valueOf)
    {
        for (var i = 0; i < planned.Inputs.Length; i++)
            if (planned.Node.Inputs[i] is { } input) planned.Inputs[i] = valueOf(input);
        for (var i = 0; i < planned.Outputs.Length; i++)
        {
            planned.Outputs[i] = valueOf(planned.Node.Outputs[i]);
            planned.OutputGradients[i] = _gradients[Root(planned.Node.Outputs[i]).Id];
        }
    }

    TrainingPlan Finish(Value? lossInput)
    {
        foreach (var node in _graph.Nodes)
        {
            if (!node.Operator.IsView) continue;
            _values[node.Outputs[0].Id] = _values[Root(node.Outputs[0]).Id];
            _gradients[node.Outputs[0].Id] = _gradients[Root(node.Outputs[0]).Id];
        }
        var wanted = _backward.SelectMany(p => p.Node.Inputs.Where((_, i) => p.WantsWeightGradient[i])).Select(v => v!.Parameter!).ToHashSet();
        return new()
        {
            Graph = _graph,
            Forward = [.. _forward.Where(p => !p.Node.Operator.IsView && !p.IsFused)],
            Backward = _backward,
            Buffers = _buffers,
            ArenaFloats = ArenaLayout.Place(_buffers),
            ValueBuffers = _values,
            GradientBuffers = _gradients,
            LossInput = lossInput,
            GradientsOf = [.. _graph.Parameters.Where(wanted.Contains)],
        };
    }

    PlannedBuffer New(PlannedBuffer?[] of, Value value, BufferUse use)
        => of[value.Id] = New(use == BufferUse.Gradient ? value.Name + ".gradient" : value.Name, use, value.Shape.Count);

    PlannedBuffer New(string name, BufferUse use, int floats)
    {
        var buffer = new PlannedBuffer(name, use, floats);
        _buffers.Add(buffer);
        return buffer;
    }
}
