using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Store;

namespace EdgeDropBack.Traffic;

/// <summary>
/// Where everything lies that a step touches: the arena and the model file with their own offsets inside, page by page one after the other,
/// and arrays behind their headers, as the allocator lays them out.
/// </summary>
sealed class ReplayMemory
{
    const long Page = 4096, ArrayHeader = 16, ScratchBytes = 64L << 20;

    /// <summary>Where the worker's scratch starts.</summary>
    public const long ScratchAddress = Page;

    readonly Graph _graph;
    readonly TrackedSet? _set;
    readonly MemoryBlock[] _base;
    readonly Dictionary<float[], MemoryBlock> _constants = new(ReferenceEqualityComparer.Instance);
    readonly WeightAccesses[] _weights;
    readonly MemoryBlock[] _values = new MemoryBlock[2], _indices = new MemoryBlock[2], _tileStarts = new MemoryBlock[2];
    readonly MemoryBlock[] _state;
    readonly MemoryBlock[] _gradients;
    long _next = ScratchAddress + ScratchBytes;
    int _current;

    /// <param name="set">The tracked weights; null for dense steps, which hold every weight as float32.</param>
    public ReplayMemory(TrainingPlan plan, TrackedSet? set, int optimizerFloats)
    {
        (_graph, _set) = (plan.Graph, set);
        Arena = Block(BlockOwner.Activation, plan.ArenaBytes).Address;
        Samples = Array(BlockOwner.Activation, plan.Graph.Inputs.Sum(input => (long)input.Shape.Count));
        _base = set is null ? DenseBases() : FileBases();
        _weights = new WeightAccesses[plan.Graph.Parameters.Count];
        if (set is null)
        {
            _gradients = new MemoryBlock[_weights.Length];
            foreach (var parameter in plan.GradientsOf) _gradients[parameter.Ordinal] = Array(BlockOwner.WeightGradient, parameter.Count);
            _state = [.. Enumerable.Range(0, optimizerFloats).Select(_ => Array(BlockOwner.OptimizerState, plan.Graph.ParameterCount))];
        }
        else
        {
            for (var copy = 0; copy < 2; copy++)
            {
                _indices[copy] = Array(BlockOwner.TrackedIndices, set.Capacity / 2 + 1);
                _values[copy] = Array(BlockOwner.TrackedValues, set.Capacity);
                _tileStarts[copy] = Array(BlockOwner.TrackedIndices, set.Tensors.Sum(tensor => tensor.TileCount + 1L));
            }
            _gradients = [Array(BlockOwner.WeightGradient, set.Capacity)];
            _state = [.. Enumerable.Range(0, optimizerFloats * 2).Select(_ => Array(BlockOwner.OptimizerState, set.Capacity))];
        }
        Executor = Block(BlockOwner.Packing, ExecutorAccesses.Bytes(plan));
        Locate();
    }

    /// <summary>Address of the arena.</summary>
    public long Arena { get; }

    /// <summary>Of <see cref="ExecutorAccesses"/>.</summary>
    public MemoryBlock Executor { get; }

    /// <summary>Where a batch is copied from.</summary>
    public MemoryBlock Samples { get; }

    public TrackedSet? Tracked => _set;

    /// <summary>[k] values of all tracked weights.</summary>
    public MemoryBlock Values => _values[_current];

    public MemoryBlock NextValues => _values[1 - _current];

    public MemoryBlock Indices => _indices[_current];

    public MemoryBlock NextIndices => _indices[1 - _current];

    public MemoryBlock NextTileStarts => _tileStarts[1 - _current];

    public MemoryBlock State(int slot, bool next = false) => _set is null ? _state[slot] : _state[2 * slot + (next ? 1 - _current : _current)];

    public WeightAccesses Weights(Parameter parameter) => WeightsOf(parameter.Ordinal);

    public WeightAccesses WeightsOf(int ordinal) => _weights[ordinal];

    /// <summary>Gradients of the tracked weights of a parameter, or all of them in a dense step.</summary>
    public MemoryBlock Gradients(Parameter parameter)
        => _set is null ? _gradients[parameter.Ordinal] : _gradients[0].From(_set[parameter.Ordinal].Start);

    /// <summary>[k] gradients of all tracked weights.</summary>
    public MemoryBlock TrackedGradients => _gradients[0];

    public MemoryBlock Constant(float[] values)
    {
        if (!_constants.TryGetValue(values, out var block)) _constants[values] = block = Array(BlockOwner.Weights, values.Length);
        return block;
    }

    public MemoryBlock InArena(PlannedBuffer buffer)
        => new(Arena + buffer.Offset * sizeof(float), (int)(buffer.Use switch
        {
            BufferUse.Gradient => BlockOwner.Gradient,
            BufferUse.Saved => BlockOwner.Saved,
            BufferUse.Workspace => BlockOwner.Packing,
            _ => BlockOwner.Activation,
        }));

    /// <summary>A new array of floats.</summary>
    public MemoryBlock Array(BlockOwner owner, long floats) => Block(owner, floats * sizeof(float) + ArrayHeader, ArrayHeader);

    /// <summary>Selection commits: the content that was written becomes the present one.</summary>
    public void Swap()
    {
        _current = 1 - _current;
        Locate();
    }

    MemoryBlock Block(BlockOwner owner, long bytes, long offset = 0)
    {
        var block = new MemoryBlock(_next + offset, (int)owner);
        _next += (bytes + Page - 1) / Page * Page;
        return block;
    }

    MemoryBlock[] DenseBases() => [.. _graph.Parameters.Select(p => Array(BlockOwner.Weights, p.Count))];

    MemoryBlock[] FileBases()
    {
        var blocks = new MemoryBlock[_graph.Parameters.Count];
        long file = _next, end = _next;
        foreach (var parameter in _graph.Parameters)
        {
            if (parameter.Base.FileOffset is not { } offset) continue;
            blocks[parameter.Ordinal] = new(file + offset, (int)BlockOwner.Weights);
            end = Math.Max(end, file + offset + (long)parameter.Count * parameter.Base.BytesPerElement);
        }
        _next = (end + Page - 1) / Page * Page;
        foreach (var parameter in _graph.Parameters)
            if (parameter.Base is { FileOffset: null, BytesPerElement: > 0 })
                blocks[parameter.Ordinal] = Array(BlockOwner.Weights, (long)parameter.Count * parameter.Base.BytesPerElement / sizeof(float));
        return blocks;
    }

    void Locate()
    {
        foreach (var parameter in _graph.Parameters)
        {
            var tracked = _set?[parameter.Ordinal];
            var start = tracked?.Start ?? 0;
            _weights[parameter.Ordinal] = new()
            {
                BytesPerElement = _set is null ? sizeof(float) : parameter.Base.BytesPerElement,
                IsFloat32 = _set is null || parameter.Base.Kind == BaseKind.Float32,
                OverZero = _set is not null && parameter.Base.Kind == BaseKind.Zero ? parameter.Count : 0,
                Base = _base[parameter.Ordinal],
                TileStarts = tracked is { Count: > 0 } ? tracked.TileStarts.ToArray() : [],
                Indices = tracked is { Count: > 0 } ? tracked.Indices.ToArray() : [],
                TileStartsBlock = _tileStarts[_current].From(tracked?.TileBase ?? 0),
                IndicesBlock = new(Indices.Address + start * sizeof(ushort), Indices.Owner),
                ValuesBlock = Values.From(start),
            };
        }
    }
}
