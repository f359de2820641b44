namespace EdgeDropBack.Store;

/// <summary>One content of a <see cref="TrackedSet"/>: entries in (tensor, flat index) order.</summary>
sealed class TrackedBuffer
{
    /// <summary>[capacity] index within the entry's tile.</summary>
    internal readonly ushort[] Indices;

    /// <summary>[capacity]</summary>
    internal readonly float[] Values;

    /// <summary>[slots][capacity] optimizer state.</summary>
    internal readonly float[][] State;

    /// <summary>Per tensor tiles + 1 numbers, relative to the tensor's first entry.</summary>
    internal readonly int[] TileStarts;

    /// <summary>[tensors + 1] first entry of each tensor.</summary>
    internal readonly int[] Starts;

    internal TrackedBuffer(int capacity, int slots, int tileStarts, int tensors)
    {
        Indices = new ushort[capacity];
        Values = new float[capacity];
        State = slots == 0 ? [] : new float[slots][];
        for (int slot = 0; slot < slots; slot++)
            State[slot] = new float[capacity];
        TileStarts = new int[tileStarts];
        Starts = new int[tensors + 1];
    }

    internal int Count => Starts[^1];

    internal void CopyFrom(TrackedBuffer source)
    {
        int count = source.Count;
        source.Indices.AsSpan(0, count).CopyTo(Indices);
        source.Values.AsSpan(0, count).CopyTo(Values);
        source.TileStarts.CopyTo(TileStarts, 0);
        source.Starts.CopyTo(Starts, 0);
        for (int slot = 0; slot < State.Length; slot++)
            if (slot < source.State.Length)
                source.State[slot].AsSpan(0, count).CopyTo(State[slot]);
            else
                State[slot].AsSpan(0, count).Clear();
    }
}
