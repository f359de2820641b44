using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>The accesses of <see cref="SelectionGradients"/> and <see cref="TopKSelector"/> for one worker.</summary>
sealed class SelectionAccesses : StepGradients
{
    const int RadixPasses = 3;

    readonly ReplayMemory _memory;
    readonly long _weights;
    readonly int _candidates, _entered, _slots;
    readonly MemoryBlock _magnitudes, _gradients, _keys, _scores, _tieBreaks, _pool, _values, _trackedScores, _entrantKeys, _entrantGradients;
    readonly MemoryBlock[] _state;
    double _seen;

    /// <param name="trained">All trainable parameters.</param>
    /// <param name="candidates">Untracked weights whose gradient passes the threshold, taken to lie evenly.</param>
    /// <param name="entered">Those of them that become tracked.</param>
    public SelectionAccesses(ReplayMemory memory, IReadOnlyList<Parameter> trained, int candidates, int entered, int slots)
    {
        (_memory, _candidates, _entered, _slots) = (memory, candidates, entered, slots);
        _weights = Math.Max(1, trained.Sum(p => (long)p.Count));
        var k = memory.Tracked!.Capacity;
        var capacity = CandidateCollector.Bytes(k) / 16;
        _magnitudes = New(capacity);
        _gradients = New(capacity);
        _keys = New(2 * capacity);
        _scores = New(k + capacity);
        _tieBreaks = New(k + capacity);
        _pool = New(2 * (k + capacity));
        _values = New(k);
        _trackedScores = New(k);
        _state = [New(k), New(k)];
        _entrantKeys = New(2L * k);
        _entrantGradients = New(k);
    }

    public override GradientSinkAccesses Sink(Parameter parameter) => new ScanSink(this, parameter);

    public override void Apply(CacheStream s, LayerMap layers)
    {
        _seen = 0;
        ScoreTracked(s, layers);
        s.Place(TrafficPhase.Select, layers.Entrants);
        var (tracked, candidates) = ((long)_memory.Tracked!.Count, (long)_candidates);
        ElementwiseAccesses.Stream(s, [(_magnitudes, candidates), (_keys, 2 * candidates)],
            [(_scores.From(tracked), candidates), (_tieBreaks.From(tracked), candidates), (_pool.From(2 * tracked), 2 * candidates)]);
        for (var pass = 0; pass < RadixPasses; pass++) s.Read(_scores, 0, tracked + candidates);
        Commit(s, layers);
        _memory.Swap();
    }

    void ScoreTracked(CacheStream s, LayerMap layers)
    {
        foreach (var tensor in _memory.Tracked!.Tensors)
        {
            if (tensor.Count == 0) continue;
            s.Place(TrafficPhase.Select, layers.OfOrdinal(tensor.Ordinal));
            var weights = _memory.WeightsOf(tensor.Ordinal);
            foreach (var (entry, index) in weights.Entries())
            {
                var at = tensor.Start + (long)entry;
                s.ReadBytes(weights.IndicesBlock, entry * (long)sizeof(ushort), sizeof(ushort));
                s.Read(weights.ValuesBlock, entry, 1);
                s.Read(_memory.TrackedGradients, at, 1);
                s.ReadBytes(weights.Base, index * weights.BytesPerElement, weights.BytesPerElement);
                for (var slot = 0; slot < _slots; slot++)
                {
                    s.Read(_memory.State(slot), at, 1);
                    s.Write(_state[slot], at, 1);
                }
                s.Write(_values, at, 1);
                s.Write(_trackedScores, at, 1);
                s.Write(_scores, at, 1);
                s.Write(_tieBreaks, at, 1);
                s.Write(_pool, 2 * at, 2);
            }
        }
    }

    void Commit(CacheStream s, LayerMap layers)
    {
        long candidates = _candidates, entered = _entered;
        ElementwiseAccesses.Stream(s, [(_magnitudes, candidates)], []);
        ElementwiseAccesses.Stream(s, [(_keys, 2 * entered), (_gradients, entered)], [(_entrantKeys, 2 * entered), (_entrantGradients, entered)]);
        foreach (var tensor in _memory.Tracked!.Tensors)
        {
            s.Place(TrafficPhase.Select, layers.OfOrdinal(tensor.Ordinal));
            s.Write(_memory.NextTileStarts, tensor.TileBase, tensor.TileCount + 1);
            var (start, count) = (tensor.Start, (long)tensor.Count);
            var next = new MemoryBlock(_memory.NextIndices.Address + start * sizeof(ushort), _memory.NextIndices.Owner);
            var read = _memory.WeightsOf(tensor.Ordinal).IndicesBlock;
            var state = Enumerable.Range(0, _slots).Select(slot => (_memory.State(slot, next: true).From(start), count)).ToArray();
            ElementwiseAccesses.Stream(s, [(read, count / 2), (_trackedScores.From(start), count), (_values.From(start), count)],
                [(next, count / 2), (_memory.NextValues.From(start), count), .. state]);
        }
    }

    MemoryBlock New(long floats) => _memory.Array(BlockOwner.Selection, floats);

    sealed class ScanSink(SelectionAccesses owner, Parameter parameter) : GradientSinkAccesses
    {
        public override void Tile(AccessStream s, MemoryBlock tile, int stride, int row, int rows, int column, int columns)
        {
            var weights = owner._memory.Weights(parameter);
            var gradients = owner._memory.Gradients(parameter);
            for (var r = 0; r < rows; r++)
            {
                s.Read(tile, (long)r * stride, columns);
                var (first, count) = weights.Within(s, (long)(row + r) * parameter.Columns + column, columns);
                s.Write(gradients, first, count);
                if (count > 0) s.Write(tile, (long)r * stride, columns);
                Keep(s, columns);
            }
        }

        void Keep(AccessStream s, int columns)
        {
            var before = (long)owner._seen;
            owner._seen += (double)columns * owner._candidates / owner._weights;
            var now = (long)owner._seen;
            s.Write(owner._magnitudes, before, now - before);
            s.Write(owner._gradients, before, now - before);
            s.Write(owner._keys, 2 * before, 2 * (now - before));
        }
    }
}
