using EdgeDropBack.Graphs;
using EdgeDropBack.Store;

namespace EdgeDropBack.Traffic;

/// <summary>
/// Adds accesses up by phase, layer and operand. Adding allocates nothing, and looks at no cell that nothing was added to: all of them are more
/// than the first-level cache holds.
/// </summary>
sealed class TrafficTally(LayerMap layers)
{
    readonly Cell[] _cells = new Cell[TrafficNames.PhaseCount * layers.Names.Count * TrafficNames.OperandCount];
    readonly int[] _used = new int[TrafficNames.PhaseCount * layers.Names.Count * TrafficNames.OperandCount];
    int _usedCount;

    /// <summary>Floating-point operations, a multiply-add as two.</summary>
    public long Operations { get; set; }

    /// <param name="tracked">By parameter ordinal; empty in the dense baseline, whose weights are float32 copies.</param>
    public void Add(in TrafficTerm term, int layer, ReadOnlySpan<int> tracked)
    {
        switch (term.Kind)
        {
            case TrafficTermKind.Read:
                Read(term.Phase, layer, term.Operand, term.Elements);
                break;
            case TrafficTermKind.Write:
                Write(term.Phase, layer, term.Operand, term.Elements);
                break;
            case TrafficTermKind.Accumulate:
                Read(term.Phase, layer, term.Operand, term.Elements);
                Write(term.Phase, layer, term.Operand, term.Elements);
                break;
            case TrafficTermKind.ReadWeights:
                ReadWeights(term, layer, tracked);
                break;
            case TrafficTermKind.FormGradient when tracked.IsEmpty:
                Write(term.Phase, layer, term.Operand, term.Elements);
                break;
            case TrafficTermKind.FormGradient:
                PickTracked(term, layer, tracked);
                break;
            case TrafficTermKind.HandOverGradient when !tracked.IsEmpty:
                Read(term.Phase, layer, term.Operand, term.Elements);
                PickTracked(term, layer, tracked);
                break;
        }
    }

    public void Read(TrafficPhase phase, int layer, TrafficOperand operand, long floats)
        => At(phase, layer, operand).Read += Access.Stream(floats, 4 * floats);

    public void Write(TrafficPhase phase, int layer, TrafficOperand operand, long floats)
        => At(phase, layer, operand).Write += Access.Stream(floats, 4 * floats);

    /// <summary>Indices of tracked weights: 2 bytes each and 4 bytes a tile.</summary>
    public void Indices(TrafficPhase phase, int layer, Parameter parameter, int tracked, bool write)
    {
        if (tracked == 0) return;
        var tiles = (parameter.Count + TrackedSet.TileSize - 1) / TrackedSet.TileSize;
        var access = Access.Stream(tracked + tiles, 2L * tracked + 4L * tiles);
        ref var cell = ref At(phase, layer, TrafficOperand.TrackedIndices);
        if (write) cell.Write += access;
        else cell.Read += access;
    }

    /// <summary>Base values of single weights, far apart.</summary>
    public void ReadBaseAtRandom(TrafficPhase phase, int layer, int bytesPerElement, int elements)
    {
        ref var cell = ref At(phase, layer, TrafficOperand.BaseWeights);
        if (bytesPerElement == 0) cell.Regenerated += new Regeneration(elements, 4L * elements);
        else cell.Read += Access.Random(elements, (long)bytesPerElement * elements);
    }

    public void Add(TrafficTally other)
    {
        foreach (var i in other._used.AsSpan(0, other._usedCount))
        {
            ref var cell = ref At(i);
            ref readonly var added = ref other._cells[i];
            cell.Read += added.Read;
            cell.Write += added.Write;
            cell.Regenerated += added.Regenerated;
        }
        Operations += other.Operations;
    }

    public void Clear()
    {
        foreach (var i in _used.AsSpan(0, _usedCount)) _cells[i] = default;
        _usedCount = 0;
        Operations = 0;
    }

    public StepTraffic ToTraffic(string origin, TrafficMode mode, long steps)
    {
        var rows = new List<TrafficRow>();
        for (var i = 0; i < _cells.Length; i++)
        {
            var cell = _cells[i];
            if (cell.Read.Elements == 0 && cell.Write.Elements == 0 && cell.Regenerated.Elements == 0) continue;
            var (place, operand) = Math.DivRem(i, TrafficNames.OperandCount);
            var (phase, layer) = Math.DivRem(place, layers.Names.Count);
            rows.Add(new TrafficRow(
                (TrafficPhase)phase, layers.Names[layer], (TrafficOperand)operand, cell.Read, cell.Write, cell.Regenerated));
        }
        return new StepTraffic
        {
            Origin = origin,
            Mode = mode,
            Steps = steps,
            Operations = Operations,
            Rows = rows,
            Totals = TrafficTotals.Of(rows),
        };
    }

    void ReadWeights(in TrafficTerm term, int layer, ReadOnlySpan<int> tracked)
    {
        if (tracked.IsEmpty)
        {
            Read(term.Phase, layer, TrafficOperand.BaseWeights, term.Elements);
            return;
        }
        var parameter = term.Parameter!;
        var overlaid = Math.Min(tracked[parameter.Ordinal], term.Elements);
        ref var cell = ref At(term.Phase, layer, TrafficOperand.BaseWeights);
        if (parameter.Base.BytesPerElement == 0) cell.Regenerated += new Regeneration(term.Elements, 4L * term.Elements);
        else cell.Read += Access.Stream(term.Elements, (long)parameter.Base.BytesPerElement * term.Elements);
        Read(term.Phase, layer, TrafficOperand.TrackedValues, overlaid);
        Indices(term.Phase, layer, parameter, overlaid, write: false);
    }

    void PickTracked(in TrafficTerm term, int layer, ReadOnlySpan<int> tracked)
    {
        Indices(term.Phase, layer, term.Parameter!, tracked[term.Parameter!.Ordinal], write: false);
        Write(term.Phase, layer, term.Operand, tracked[term.Parameter.Ordinal]);
    }

    ref Cell At(TrafficPhase phase, int layer, TrafficOperand operand)
        => ref At(((int)phase * layers.Names.Count + layer) * TrafficNames.OperandCount + (int)operand);

    ref Cell At(int index)
    {
        ref var cell = ref _cells[index];
        if (cell.IsUsed) return ref cell;
        cell.IsUsed = true;
        _used[_usedCount++] = index;
        return ref cell;
    }

    struct Cell
    {
        public Access Read, Write;
        public Regeneration Regenerated;
        public bool IsUsed;
    }
}
