using EdgeDropBack.Kernels;

namespace EdgeDropBack.Store;

/// <summary>
/// The tracked weights of a whole model: one pool of <see cref="Capacity"/> entries shared by all tensors, sorted by
/// (tensor ordinal, flat index), each a 16-bit index within its tile, a value, and 0, 1 or 2 floats of optimizer state.
/// <para>Training replaces the content without allocating: <see cref="BeginUpdate"/>, <see cref="Append"/> in ascending order,
/// <see cref="Commit"/>. Until the commit every reader sees the old content. Optimizer state follows an entry that stays and is
/// zero for one that enters.</para>
/// </summary>
public sealed class TrackedSet
{
    /// <summary>Consecutive flat indices of a tensor that share a tile, so that an index within it takes 16 bits.</summary>
    public const int TileSize = WeightSource.TileSize;

    readonly TrackedValues[] _tensors;
    TrackedBuffer _current;
    TrackedBuffer? _next;
    int _appended;
    int _lastTensor = -1;
    long _lastFlatIndex;
    int _stateCursor;
    bool _updating;

    /// <param name="tensors">All trainable tensors, in parameter order.</param>
    /// <param name="capacity">k: the most entries the set can hold.</param>
    /// <param name="optimizerSlots">0 (SGD), 1 (momentum) or 2 (Adam's m and v) floats a tracked weight.</param>
    /// <param name="updatable">Whether to hold the second buffer that <see cref="BeginUpdate"/> needs.</param>
    public TrackedSet(IReadOnlyList<TrackedTensor> tensors, int capacity, int optimizerSlots = 0, bool updatable = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfNegative(optimizerSlots);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(optimizerSlots, 2);
        Capacity = capacity;
        OptimizerSlots = optimizerSlots;
        _tensors = new TrackedValues[tensors.Count];
        int tileStarts = 0;
        for (int i = 0; i < _tensors.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(tensors[i].ElementCount);
            _tensors[i] = new TrackedValues(this, i, tensors[i], tileStarts);
            tileStarts = checked(tileStarts + (int)tensors[i].TileCount + 1);
        }

        _current = new TrackedBuffer(capacity, optimizerSlots, tileStarts, _tensors.Length);
        _next = updatable ? new TrackedBuffer(capacity, optimizerSlots, tileStarts, _tensors.Length) : null;
    }

    /// <summary>Entries the pool can hold.</summary>
    public int Capacity { get; }

    /// <summary>Entries it holds, over all tensors.</summary>
    public int Count => _current.Count;

    /// <summary>Floats of optimizer state a tracked weight.</summary>
    public int OptimizerSlots { get; }

    /// <summary>Whether <see cref="BeginUpdate"/> is possible.</summary>
    public bool IsUpdatable => _next is not null;

    /// <summary>One view per tensor, in parameter order; the objects stay the same over all updates.</summary>
    public IReadOnlyList<TrackedValues> Tensors => _tensors;

    /// <summary>The tensor with this ordinal.</summary>
    public TrackedValues this[int tensor] => _tensors[tensor];

    /// <summary>[Count] indices within their tiles, all tensors one after the other.</summary>
    public ReadOnlySpan<ushort> Indices => _current.Indices.AsSpan(0, Count);

    /// <summary>[Count] values, all tensors one after the other; a frozen step writes them in place.</summary>
    public Span<float> Values => _current.Values.AsSpan(0, Count);

    /// <summary>[Count] optimizer state of one slot, all tensors one after the other.</summary>
    public Span<float> OptimizerState(int slot) => _current.State[slot].AsSpan(0, Count);

    /// <summary>Bytes of the arrays held: twice when updatable.</summary>
    public long ByteCount => (_next is null ? 1 : 2)
        * ((long)Capacity * (6 + 4 * OptimizerSlots) + 4L * (_current.TileStarts.Length + _current.Starts.Length));

    internal TrackedBuffer Current => _current;

    /// <summary>Starts a new, empty content beside the present one; an update that was not committed is dropped.</summary>
    public void BeginUpdate()
    {
        TrackedBuffer next = _next ?? throw new InvalidOperationException("The set was made, or frozen, without a second buffer.");
        next.TileStarts.AsSpan().Clear();
        next.Starts.AsSpan().Clear();
        _appended = 0;
        _lastTensor = -1;
        _lastFlatIndex = -1;
        _stateCursor = 0;
        _updating = true;
    }

    /// <summary>Adds an entry to the new content; (tensor, flatIndex) must be greater than the entry before.</summary>
    public void Append(int tensor, long flatIndex, float value)
    {
        if (!_updating)
            throw new InvalidOperationException("Append needs BeginUpdate.");
        if (_appended == Capacity)
            throw new InvalidOperationException($"The set holds at most {Capacity} entries.");
        if (tensor < _lastTensor || (tensor == _lastTensor && flatIndex <= _lastFlatIndex))
            throw new ArgumentException(
                $"Entry (tensor {tensor}, index {flatIndex}) does not come after (tensor {_lastTensor}, index {_lastFlatIndex}).");
        TrackedValues target = _tensors[tensor];
        if ((ulong)flatIndex >= (ulong)target.ElementCount)
            throw new ArgumentOutOfRangeException(nameof(flatIndex), flatIndex, $"{target.Name} has {target.ElementCount} elements.");

        TrackedBuffer next = _next!;
        next.Indices[_appended] = (ushort)(flatIndex & (TileSize - 1));
        next.Values[_appended] = value;
        next.TileStarts[target.TileBase + (int)(flatIndex / TileSize) + 1]++;
        next.Starts[tensor + 1]++;
        if (OptimizerSlots > 0)
            CarryState(next, tensor, flatIndex);
        _appended++;
        _lastTensor = tensor;
        _lastFlatIndex = flatIndex;
    }

    /// <summary>Adds entries of one tile, ascending, as <see cref="Append"/> does one by one.</summary>
    internal void AppendRun(int tensor, int tile, ReadOnlySpan<ushort> indices, ReadOnlySpan<float> values)
    {
        long origin = (long)tile * TileSize;
        if (OptimizerSlots > 0 || indices.Length < 2)
        {
            for (int i = 0; i < indices.Length; i++)
                Append(tensor, origin + indices[i], values[i]);
            return;
        }

        Append(tensor, origin + indices[0], values[0]);
        int more = indices.Length - 1;
        if (more > Capacity - _appended)
            throw new InvalidOperationException($"The set holds at most {Capacity} entries.");
        TrackedBuffer next = _next!;
        indices[1..].CopyTo(next.Indices.AsSpan(_appended));
        values[1..].CopyTo(next.Values.AsSpan(_appended));
        next.TileStarts[_tensors[tensor].TileBase + tile + 1] += more;
        next.Starts[tensor + 1] += more;
        _appended += more;
        _lastFlatIndex = origin + indices[^1];
    }

    /// <summary>Makes the new content the present one.</summary>
    public void Commit()
    {
        if (!_updating)
            throw new InvalidOperationException("Commit needs BeginUpdate.");
        TrackedBuffer next = _next!;
        for (int tensor = 0; tensor < _tensors.Length; tensor++)
        {
            next.Starts[tensor + 1] += next.Starts[tensor];
            Span<int> starts = next.TileStarts.AsSpan(_tensors[tensor].TileBase, _tensors[tensor].TileCount + 1);
            for (int tile = 1; tile < starts.Length; tile++)
                starts[tile] += starts[tile - 1];
        }

        (_current, _next) = (next, _current);
        _updating = false;
    }

    /// <summary>Fixes which weights are tracked and lets the second buffer go; values stay writable.</summary>
    public void Freeze()
    {
        _next = null;
        _updating = false;
    }

    /// <summary>Takes over the content of a set with the same tensors; missing optimizer slots become zero. Allocates nothing.</summary>
    public void CopyFrom(TrackedSet source)
    {
        if (!HasTensors(source) || source.Count > Capacity)
            throw new ArgumentException("The sets differ in tensors, or the source holds more than this set's capacity.", nameof(source));
        _updating = false;
        _current.CopyFrom(source._current);
    }

    /// <summary>Whether both sets have the same tensors in the same order.</summary>
    public bool HasTensors(TrackedSet other)
    {
        if (other._tensors.Length != _tensors.Length)
            return false;
        for (int i = 0; i < _tensors.Length; i++)
            if (other._tensors[i].Name != _tensors[i].Name || other._tensors[i].ElementCount != _tensors[i].ElementCount)
                return false;
        return true;
    }

    void CarryState(TrackedBuffer next, int tensor, long flatIndex)
    {
        if (tensor != _lastTensor)
            _stateCursor = 0;
        TrackedValues old = _tensors[tensor];
        int entry = old.Seek(flatIndex, ref _stateCursor);
        for (int slot = 0; slot < OptimizerSlots; slot++)
            next.State[slot][_appended] = entry < 0 ? 0f : _current.State[slot][_current.Starts[tensor] + entry];
    }
}
