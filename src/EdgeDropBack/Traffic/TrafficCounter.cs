using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Store;

namespace EdgeDropBack.Traffic;

/// <summary>
/// Counts what steps do, node by node as the executor reports it, by the rules of <see cref="AlgorithmicLens"/>. Steps of different
/// modes are kept apart. A step that selection ran twice counts twice, as it happened. Nodes are noted as they run and added up together:
/// between two kernels everything that adding up takes would have left the caches. After the first step of a plan counting allocates nothing.
/// </summary>
sealed class TrafficCounter
{
    readonly Parameter[] _parameters;
    readonly LayerMap _layers;
    readonly Dictionary<PlannedNode, NodeTraffic> _nodes = new(ReferenceEqualityComparer.Instance);
    readonly TrackedSet? _set;
    readonly int[] _tracked, _after;
    readonly TrafficTally _step;
    readonly TrafficTally?[] _byMode = new TrafficTally?[Enum.GetValues<TrafficMode>().Length];
    readonly long[] _steps = new long[Enum.GetValues<TrafficMode>().Length];
    PlannedNode[] _ran = new PlannedNode[64];
    Pass[] _passes = new Pass[64];
    int _ranCount;
    TrainingPlan? _plan;
    TrafficMode _mode;
    int _lastForward = int.MaxValue;

    /// <summary>Counts steps on <paramref name="tracked"/> weights; null for the dense baseline.</summary>
    public TrafficCounter(Graph graph, TrackedSet? tracked)
        : this(graph, tracked, tracked is null ? [] : new int[graph.Parameters.Count])
    {
    }

    TrafficCounter(Graph graph, TrackedSet? set, int[] tracked)
    {
        (_parameters, _layers) = ([.. graph.Parameters], new LayerMap(graph));
        (_set, _tracked, _after) = (set, tracked, new int[tracked.Length]);
        _step = new TrafficTally(_layers);
    }

    /// <summary>Counts steps on fixed numbers of tracked weights.</summary>
    /// <param name="tracked">By parameter ordinal; empty for the dense baseline.</param>
    internal static TrafficCounter ForPrediction(Graph graph, int[] tracked) => new(graph, null, tracked);

    /// <summary>The exact sum over all counted steps of a mode; null where there was none.</summary>
    public StepTraffic? Counted(TrafficMode mode) => _byMode[(int)mode]?.ToTraffic(StepTraffic.Counted, mode, _steps[(int)mode]);

    internal StepTraffic Predicted(TrafficMode mode) => _step.ToTraffic(StepTraffic.Predicted, mode, 1);

    internal void Forward(PlannedNode node)
    {
        if (node.ForwardTime <= _lastForward)
        {
            AddUp();
            Begin();
        }
        _lastForward = node.ForwardTime;
        Note(node, Pass.Forward);
    }

    internal void Loss(TrainingPlan plan)
    {
        _plan = plan;
        var logits = plan.LossInput!.Shape.Count;
        _step.Read(TrafficPhase.Forward, _layers.Loss, TrafficOperand.ActivationIn, logits);
        _step.Read(TrafficPhase.Forward, _layers.Loss, TrafficOperand.ActivationIn, logits);
        _step.Write(TrafficPhase.BackwardData, _layers.Loss, TrafficOperand.ActivationGradient, logits);
    }

    internal void Backward(PlannedNode node, bool sampled) => Note(node, sampled ? Pass.SampledBackward : Pass.Backward);

    void Note(PlannedNode node, Pass pass)
    {
        if (_ranCount == _ran.Length)
        {
            Array.Resize(ref _ran, 2 * _ranCount);
            Array.Resize(ref _passes, 2 * _ranCount);
        }
        (_ran[_ranCount], _passes[_ranCount]) = (node, pass);
        _ranCount++;
    }

    /// <summary>Adds up what ran since the last time, at the tracked counts that <see cref="Begin"/> took.</summary>
    void AddUp()
    {
        for (var i = 0; i < _ranCount; i++)
        {
            var traffic = Of(_ran[i]);
            if (_passes[i] == Pass.Forward) AddForward(traffic);
            else AddBackward(traffic, sampled: _passes[i] == Pass.SampledBackward);
        }
        _ranCount = 0;
    }

    void AddForward(NodeTraffic traffic)
    {
        foreach (ref readonly var term in traffic.Forward.AsSpan()) _step.Add(term, traffic.Layer, _tracked);
        _step.Operations += Products(traffic);
    }

    void AddBackward(NodeTraffic traffic, bool sampled)
    {
        foreach (ref readonly var term in traffic.Backward.AsSpan()) _step.Add(term, traffic.Layer, _tracked);
        if (traffic.FormsData) _step.Operations += Products(traffic);
        if (traffic.Product is not { Count: > 0 } product) return;
        var dot = traffic.MultiplyAdds / product.Count;
        _step.Operations += 2 * dot * (sampled ? _tracked[product.Ordinal] : product.Count);
    }

    /// <summary>Operations of a forward or backward-data product: over a zero base those of the tracked weights.</summary>
    long Products(NodeTraffic traffic)
    {
        if (_tracked.Length == 0 || traffic.Weights is not { Base.Kind: BaseKind.Zero, Count: > 0 } weights) return 2 * traffic.MultiplyAdds;
        return 2 * (traffic.MultiplyAdds / weights.Count) * _tracked[weights.Ordinal];
    }

    /// <param name="after">By parameter ordinal.</param>
    internal void Select(ReadOnlySpan<int> after, int entered, int optimizerFloats)
    {
        AddUp();
        _mode = TrafficMode.Select;
        foreach (var parameter in _parameters)
        {
            var (layer, before, now) = (_layers.Of(parameter), _tracked[parameter.Ordinal], after[parameter.Ordinal]);
            _step.Read(TrafficPhase.Select, layer, TrafficOperand.TrackedValues, before);
            _step.Indices(TrafficPhase.Select, layer, parameter, before, write: false);
            _step.Read(TrafficPhase.Select, layer, TrafficOperand.WeightGradient, before);
            _step.ReadBaseAtRandom(TrafficPhase.Select, layer, parameter.Base.BytesPerElement, before);
            _step.Read(TrafficPhase.Select, layer, TrafficOperand.OptimizerState, (long)before * optimizerFloats);
            _step.Write(TrafficPhase.Select, layer, TrafficOperand.TrackedValues, now);
            _step.Indices(TrafficPhase.Select, layer, parameter, now, write: true);
            _step.Write(TrafficPhase.Select, layer, TrafficOperand.OptimizerState, (long)now * optimizerFloats);
        }
        _step.Write(TrafficPhase.Select, _layers.Entrants, TrafficOperand.WeightGradient, entered);
        _step.Read(TrafficPhase.Select, _layers.Entrants, TrafficOperand.WeightGradient, entered);
        _step.ReadBaseAtRandom(TrafficPhase.Select, _layers.Entrants, EntrantBytes(), entered);
    }

    internal void Select(int entered)
    {
        var set = _set ?? throw new InvalidOperationException("the dense baseline selects nothing");
        for (var i = 0; i < _after.Length; i++) _after[i] = set[i].Count;
        Select(_after, entered, set.OptimizerSlots);
    }

    internal void Update(int optimizerFloats)
    {
        AddUp();
        var isDense = _tracked.Length == 0;
        _mode = isDense ? TrafficMode.Dense : TrafficMode.Frozen;
        var updated = isDense ? _plan!.GradientsOf.Count : _parameters.Length;
        for (var p = 0; p < updated; p++)
        {
            var parameter = isDense ? _plan!.GradientsOf[p] : _parameters[p];
            var (layer, count) = (_layers.Of(parameter), isDense ? parameter.Count : _tracked[parameter.Ordinal]);
            var weights = isDense ? TrafficOperand.BaseWeights : TrafficOperand.TrackedValues;
            _step.Read(TrafficPhase.Update, layer, TrafficOperand.WeightGradient, count);
            _step.Read(TrafficPhase.Update, layer, weights, count);
            _step.Write(TrafficPhase.Update, layer, weights, count);
            _step.Read(TrafficPhase.Update, layer, TrafficOperand.OptimizerState, (long)count * optimizerFloats);
            _step.Write(TrafficPhase.Update, layer, TrafficOperand.OptimizerState, (long)count * optimizerFloats);
        }
    }

    /// <summary>A checkpoint was written: it read everything that the store holds of the weights once. Counts with the last
    /// step.</summary>
    public void Checkpoint(int optimizerFloats = 0)
    {
        AddUp();
        Begin();
        AddCheckpoint(_byMode[(int)_mode] ?? _step, optimizerFloats);
    }

    internal void AddCheckpoint(TrafficTally tally, int optimizerFloats)
    {
        foreach (var parameter in _parameters)
        {
            var (layer, isDense) = (_layers.Of(parameter), _tracked.Length == 0);
            var count = isDense ? parameter.Count : _tracked[parameter.Ordinal];
            tally.Read(TrafficPhase.Checkpoint, layer, isDense ? TrafficOperand.BaseWeights : TrafficOperand.TrackedValues, count);
            if (!isDense) tally.Indices(TrafficPhase.Checkpoint, layer, parameter, count, write: false);
            tally.Read(TrafficPhase.Checkpoint, layer, TrafficOperand.OptimizerState, (long)count * optimizerFloats);
        }
    }

    internal void EndStep()
    {
        AddUp();
        (_byMode[(int)_mode] ??= new TrafficTally(_layers)).Add(_step);
        _steps[(int)_mode]++;
        _step.Clear();
    }

    /// <summary>A pass starts: the tracked counts of now hold until the next one.</summary>
    void Begin()
    {
        if (_set is null) return;
        for (var i = 0; i < _tracked.Length; i++) _tracked[i] = _set[i].Count;
    }

    /// <summary>Entrants come from any tensor: they are priced at the widest base among them, so that the number is never too
    /// low.</summary>
    int EntrantBytes()
    {
        var bytes = 0;
        foreach (var parameter in _parameters) bytes = Math.Max(bytes, parameter.Base.BytesPerElement);
        return bytes;
    }

    NodeTraffic Of(PlannedNode node)
    {
        if (!_nodes.TryGetValue(node, out var traffic)) _nodes[node] = traffic = new NodeTraffic(node, _layers);
        return traffic;
    }

    enum Pass : byte
    {
        Forward,
        Backward,
        SampledBackward,
    }
}
