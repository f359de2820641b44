using EdgeDropBack.Graphs;

namespace EdgeDropBack.Planning;

/// <summary>The nodes that run forward a second time, and the buffers that they do so in.</summary>
sealed partial class Planner
{
    readonly int[] _part;
    readonly bool[] _isDropped;
    readonly PlannedBuffer?[] _again;
    int _time;

    /// <summary>Values that only their own part reads; those of the last part stay.</summary>
    void FindDropped(bool[] isResult)
    {
        foreach (var planned in _forward)
        {
            var part = _part[planned.Index];
            if (planned.Node.Operator.IsView || part == _part[^1]) continue;
            foreach (var output in planned.Node.Outputs)
                _isDropped[output.Id] = !isResult[output.Id] && (_readers[output.Id] is not { } readers || readers.All(r => _part[r] == part));
        }
    }

    /// <summary>Where the part at hand finds a value of the forward: it may have been computed again, which later parts know nothing of.</summary>
    PlannedBuffer? Held(Value value) => _again[Root(value).Id] ?? _values[Root(value).Id];

    /// <summary>Plans what the backward of a part needs a second time.</summary>
    List<PlannedNode> ComputeAgain(int part)
    {
        var again = new List<PlannedNode>();
        if (part == _part[^1]) return again;
        var nodes = _forward.Where(planned => _part[planned.Index] == part && !planned.Node.Operator.IsView).ToArray();
        var needed = new bool[_graph.ValueCount];
        foreach (var planned in nodes.Where(HasBackward)) NeedForBackward(planned, needed);
        foreach (var planned in nodes.Reverse())
        {
            if (!planned.Node.Outputs.Any(output => needed[output.Id]) && !(planned.Saved is not null && HasBackward(planned))) continue;
            foreach (var input in planned.Node.Inputs) Need(input, needed);
            again.Add(Copy(planned));
        }
        again.Reverse();
        foreach (var planned in again)
        {
            PlaceAgain(planned);
            Resolve(planned, Held);
        }
        again.RemoveAll(planned => planned.IsFused);
        return again;
    }

    bool HasBackward(PlannedNode planned) => planned.Node.Outputs.Any(output => _needsGradient[output.Id]);

    void NeedForBackward(PlannedNode planned, bool[] needed)
    {
        var node = planned.Node;
        bool Wants(int input) => planned.WantsWeightGradient[input]
            || (node.Inputs[input] is { Parameter: null } value && _needsGradient[Root(value).Id]);
        for (var i = 0; i < node.Inputs.Count; i++)
            if (node.Inputs[i] is not null && node.Operator.BackwardReadsInput(i, Wants)) Need(node.Inputs[i], needed);
        if (node.Operator.BackwardReadsOutput || planned.IsRectified) foreach (var output in node.Outputs) Need(output, needed);
    }

    void Need(Value? value, bool[] needed)
    {
        if (value is not null && _isDropped[Root(value).Id]) needed[Root(value).Id] = true;
    }

    void PlaceAgain(PlannedNode planned)
    {
        var node = planned.Node;
        var time = planned.ForwardTime = ++_time;
        foreach (var output in node.Outputs)
        {
            if (planned.IsInPlace) _again[output.Id] = Held(node.Inputs[0]!);
            else New(_again, output, BufferUse.Activation);
            _again[output.Id]!.Touch(time);
        }
        foreach (var input in node.Inputs) if (input is not null) Held(input)?.Touch(time);
        if (_forward[planned.Index].Saved is { } saved) (planned.Saved = New(saved.Name, BufferUse.Saved, saved.Floats)).Touch(time);
        if (_forward[planned.Index].Workspace is { } workspace)
            (planned.Workspace = New(workspace.Name, BufferUse.Workspace, workspace.Floats)).Touch(time);
    }

    /// <summary>The node as its backward sees it: with the values that were computed again where its part is not the last.</summary>
    PlannedNode BackwardOf(PlannedNode forward, List<PlannedNode> again)
    {
        if (_part[forward.Index] == _part[^1]) return forward;
        if (again.Find(planned => planned.Index == forward.Index) is { } recomputed) return recomputed;
        var copy = Copy(forward);
        copy.Workspace = forward.Workspace;
        return copy;
    }

    static PlannedNode Copy(PlannedNode planned)
    {
        var copy = new PlannedNode(planned.Node, planned.Index)
        {
            IsInPlace = planned.IsInPlace,
            IsRectified = planned.IsRectified,
            IsFused = planned.IsFused,
        };
        planned.WantsWeightGradient.CopyTo(copy.WantsWeightGradient, 0);
        return copy;
    }
}
