using EdgeDropBack.Graphs;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Traffic;

/// <summary>The accesses of one planned node by the rules of <see cref="AlgorithmicLens"/>.</summary>
sealed class NodeTraffic
{
    readonly PlannedNode _planned;
    readonly Node _node;
    readonly LayerMap _layers;
    readonly List<TrafficTerm> _terms = [];
    readonly bool[] _wantsData, _wantsWeight;

    public NodeTraffic(PlannedNode planned, LayerMap layers)
    {
        (_planned, _node, _layers) = (planned, planned.Node, layers);
        Layer = layers.Of(_node);
        (_wantsData, _wantsWeight) = (new bool[_node.Inputs.Count], new bool[_node.Inputs.Count]);
        for (var i = 0; i < _node.Inputs.Count; i++)
        {
            if (_node.Inputs[i] is not { } input) continue;
            var isWeights = layers.ParameterOf(input) is not null;
            _wantsWeight[i] = planned.WantsWeightGradient[i] || (isWeights && planned.InputGradients[i] is not null);
            _wantsData[i] = !isWeights && planned.InputGradients[i] is not null;
        }
        Forward = _node.Operator is ReadParameter ? [] : FormForward();
        Backward = _node.Operator is ReadParameter ? FormHandOver() : FormBackward();
    }

    public int Layer { get; }

    public TrafficTerm[] Forward { get; }

    public TrafficTerm[] Backward { get; }

    public long MultiplyAdds => _planned.MultiplyAdds;

    /// <summary>The weights of the node's products; null where it has none.</summary>
    public Parameter? Weights
    {
        get
        {
            for (var i = 0; i < _wantsWeight.Length; i++)
                if (_node.Inputs[i] is { } input && _node.Operator.TakesWeights(i) && _layers.ParameterOf(input) is { } parameter) return parameter;
            return null;
        }
    }

    /// <summary>The backward forms the gradient of an activation.</summary>
    public bool FormsData => _wantsData.Contains(true);

    /// <summary>The parameter whose gradient costs as many multiply-adds as the forward; null for others.</summary>
    public Parameter? Product
    {
        get
        {
            for (var i = 0; i < _wantsWeight.Length; i++)
                if (_wantsWeight[i] && _node.Operator.TakesWeights(i) && _node.Operator is not ReadParameter)
                    return _layers.ParameterOf(_node.Inputs[i]!);
            return null;
        }
    }

    TrafficTerm[] FormForward()
    {
        var trainsStatistics = _node.Operator is BatchNormalizationOperator { Statistics: not null };
        for (var i = 0; i < _node.Inputs.Count; i++)
            if (_node.Inputs[i] is { } input && !(trainsStatistics && i >= 3))
                ReadValue(TrafficPhase.Forward, i, input, TrafficOperand.ActivationIn);
        foreach (var output in _node.Outputs)
            Add(TrafficPhase.Forward, TrafficOperand.ActivationOut, TrafficTermKind.Write, output.Shape.Count);
        if (_planned.Saved is { } saved) Add(TrafficPhase.Forward, TrafficOperand.SavedActivation, TrafficTermKind.Write, saved.Floats);
        if (trainsStatistics)
            Add(TrafficPhase.Forward, TrafficOperand.OptimizerState, TrafficTermKind.Accumulate, 2 * _node.Inputs[0]!.Shape[1]);
        return Take();
    }

    TrafficTerm[] FormBackward()
    {
        if (FormsData)
        {
            FormReads(TrafficPhase.BackwardData, _wantsData);
            for (var i = 0; i < _wantsData.Length; i++)
                if (_wantsData[i]) WriteGradient(i, TrafficPhase.BackwardData, TrafficOperand.ActivationGradient);
        }
        if (_wantsWeight.Contains(true))
        {
            FormReads(TrafficPhase.BackwardWeight, _wantsWeight);
            for (var i = 0; i < _wantsWeight.Length; i++)
            {
                if (!_wantsWeight[i]) continue;
                if (_planned.InputGradients[i] is not null) WriteGradient(i, TrafficPhase.BackwardWeight, TrafficOperand.WeightGradient);
                else FormGradient(_node.Inputs[i]!.Parameter!, TrafficTermKind.FormGradient, _node.Operator.WeightReads(_node, i));
            }
        }
        for (var o = 0; o < _node.Outputs.Count; o++)
            if (_planned.ZeroGradient[o] && _planned.OutputGradients[o] is { } zeroed)
                Add(TrafficPhase.BackwardData, TrafficOperand.ActivationGradient, TrafficTermKind.Write, zeroed.Floats);
        return Take();
    }

    TrafficTerm[] FormHandOver()
    {
        if (_wantsWeight[0]) FormGradient(_node.Inputs[0]!.Parameter!, TrafficTermKind.HandOverGradient, _node.Inputs[0]!.Shape.Count);
        return Take();
    }

    /// <summary>The output's gradient, and the values of the forward that this phase needs.</summary>
    void FormReads(TrafficPhase phase, bool[] wants)
    {
        foreach (var output in _node.Outputs)
            Add(phase, TrafficOperand.ActivationGradient, TrafficTermKind.Read, output.Shape.Count);
        for (var i = 0; i < _node.Inputs.Count; i++)
            if (_node.Inputs[i] is { } input && Reads(phase, i, wants)) ReadValue(phase, i, input, TrafficOperand.SavedActivation);
        if (_node.Operator.BackwardReadsOutput || _planned.IsRectified)
            foreach (var output in _node.Outputs) Add(phase, TrafficOperand.SavedActivation, TrafficTermKind.Read, output.Shape.Count);
        if (_planned.Saved is { } saved) Add(phase, TrafficOperand.SavedActivation, TrafficTermKind.Read, saved.Floats);
    }

    bool Reads(TrafficPhase phase, int input, bool[] wants)
        => _node.Operator is BatchNormalizationOperator { Statistics: null } && input >= 3
            ? input == 4 || phase == TrafficPhase.BackwardWeight
            : _node.Operator.BackwardReadsInput(input, i => wants[i]);

    void ReadValue(TrafficPhase phase, int input, Value value, TrafficOperand activation)
    {
        if (_layers.ParameterOf(value) is { } parameter)
            _terms.Add(new TrafficTerm(phase, TrafficOperand.BaseWeights, TrafficTermKind.ReadWeights, _node.Operator.WeightReads(_node, input), parameter));
        else
            Add(phase, value.Constant is null ? activation : TrafficOperand.BaseWeights, TrafficTermKind.Read, value.Shape.Count);
    }

    void WriteGradient(int input, TrafficPhase phase, TrafficOperand operand)
        => Add(phase, operand, _planned.AddTo[input] is null ? TrafficTermKind.Write : TrafficTermKind.Accumulate,
            _planned.InputGradients[input]!.Floats);

    void FormGradient(Parameter parameter, TrafficTermKind kind, int elements)
        => _terms.Add(new TrafficTerm(TrafficPhase.BackwardWeight, TrafficOperand.WeightGradient, kind, elements, parameter));

    void Add(TrafficPhase phase, TrafficOperand operand, TrafficTermKind kind, int elements)
        => _terms.Add(new TrafficTerm(phase, operand, kind, elements, null));

    TrafficTerm[] Take()
    {
        TrafficTerm[] taken = [.. _terms];
        _terms.Clear();
        return taken;
    }
}
