using EdgeDropBack.Kernels;

namespace EdgeDropBack.Traffic;

/// <summary>
/// Runs accesses through a first-level and a last-level cache, line by line, and adds up what the last level moves. The first level
/// writes through, as cachegrind's and callgrind's does: the last level sees every write, and the reads that miss the first.
/// </summary>
sealed class CacheStream : AccessStream
{
    readonly LineCache _first, _last;
    readonly int _lineShift;
    readonly long[] _fills, _writeBacks;
    int _place;
    bool _isForward;

    public CacheStream(CacheRules rules, LayerMap layers)
        : base(rules.Kernels, new MemoryBlock(ReplayMemory.ScratchAddress, (int)BlockOwner.Packing))
    {
        Layers = layers;
        (_first, _last) = (new(rules.First.Sets, rules.First.Ways), new(rules.Last.Sets, rules.Last.Ways));
        _lineShift = System.Numerics.BitOperations.Log2((uint)rules.Last.LineBytes);
        _fills = new long[TrafficNames.PhaseCount * layers.Names.Count * TrafficNames.OperandCount];
        _writeBacks = new long[_fills.Length];
    }

    public LayerMap Layers { get; }

    /// <summary>Whose accesses follow.</summary>
    public void Place(TrafficPhase phase, int layer)
    {
        _place = ((int)phase * Layers.Names.Count + layer) * TrafficNames.OperandCount;
        _isForward = phase == TrafficPhase.Forward;
    }

    /// <summary>Forgets the counts, not the caches.</summary>
    public void Clear()
    {
        Array.Clear(_fills);
        Array.Clear(_writeBacks);
    }

    public override void ReadBytes(MemoryBlock block, long start, long bytes)
    {
        if (bytes <= 0) return;
        var end = (block.Address + start + bytes - 1) >> _lineShift;
        for (var line = (block.Address + start) >> _lineShift; line <= end; line++)
            if (!_first.Touch(line)) Last(line, -1, _place + (int)OperandOf((BlockOwner)block.Owner, isWrite: false));
    }

    public override void WriteBytes(MemoryBlock block, long start, long bytes)
    {
        if (bytes <= 0) return;
        var cell = _place + (int)OperandOf((BlockOwner)block.Owner, isWrite: true);
        var end = (block.Address + start + bytes - 1) >> _lineShift;
        for (var line = (block.Address + start) >> _lineShift; line <= end; line++)
        {
            _first.Touch(line);
            Last(line, cell, cell);
        }
    }

    /// <summary>Instructions: they take room in the last level, and are not counted.</summary>
    public void FetchBytes(MemoryBlock block, long start, long bytes)
    {
        var end = (block.Address + start + bytes - 1) >> _lineShift;
        for (var line = (block.Address + start) >> _lineShift; line <= end; line++)
        {
            _last.Touch(line, -1, out var evicted);
            if (evicted >= 0) _writeBacks[evicted]++;
        }
    }

    /// <summary>Fills as reads and write-backs as writes, in whole lines.</summary>
    public StepTraffic ToTraffic(string origin, TrafficMode mode, long operations)
    {
        var rows = new List<TrafficRow>();
        for (var i = 0; i < _fills.Length; i++)
        {
            if (_fills[i] == 0 && _writeBacks[i] == 0) continue;
            var (place, operand) = Math.DivRem(i, TrafficNames.OperandCount);
            var (phase, layer) = Math.DivRem(place, Layers.Names.Count);
            rows.Add(new TrafficRow((TrafficPhase)phase, Layers.Names[layer], (TrafficOperand)operand, Lines(_fills[i]), Lines(_writeBacks[i]), default));
        }
        return new StepTraffic
        {
            Lens = StepTraffic.Modelled,
            Origin = origin,
            Mode = mode,
            Steps = 1,
            Operations = operations,
            Rows = rows,
            Totals = TrafficTotals.Of(rows),
        };
    }

    void Last(long line, int writer, int cell)
    {
        if (!_last.Touch(line, writer, out var evicted)) _fills[cell]++;
        if (evicted >= 0) _writeBacks[evicted]++;
    }

    Access Lines(long lines) => new((lines << _lineShift) / sizeof(float), lines << _lineShift, lines);

    TrafficOperand OperandOf(BlockOwner owner, bool isWrite) => owner switch
    {
        BlockOwner.Activation when !_isForward => TrafficOperand.SavedActivation,
        BlockOwner.Activation => isWrite ? TrafficOperand.ActivationOut : TrafficOperand.ActivationIn,
        BlockOwner.Gradient => TrafficOperand.ActivationGradient,
        BlockOwner.Saved => TrafficOperand.SavedActivation,
        BlockOwner.Weights => TrafficOperand.BaseWeights,
        BlockOwner.TrackedValues => TrafficOperand.TrackedValues,
        BlockOwner.TrackedIndices => TrafficOperand.TrackedIndices,
        BlockOwner.WeightGradient => TrafficOperand.WeightGradient,
        BlockOwner.OptimizerState => TrafficOperand.OptimizerState,
        BlockOwner.Packing => TrafficOperand.PackingBuffer,
        _ => TrafficOperand.SelectionBuffer,
    };
}
