namespace EdgeDropBack.DeviceLink;

/// <summary>Puts the bytes of a stream back in order. Memory is that of the window, whatever arrives.</summary>
sealed class ReceiveWindow
{
    /// <summary>Half of what 16 bits of position tell apart, less a frame.</summary>
    public const int Capacity = 32_000;

    readonly byte[] _ring = new byte[Capacity];
    readonly List<(long Start, long End)> _runs = [];
    long _read, _announced = Capacity;
    DataFrame _newest;
    int _described;

    /// <summary>The first byte that is missing.</summary>
    public long Next { get; private set; }

    /// <summary>Bytes that can be read.</summary>
    public int Available => (int)(Next - _read);

    /// <summary>So much was read since the last acknowledgement that the sender should be told of the room.</summary>
    public bool HasRoomToAnnounce => _read + Capacity - _announced >= Capacity / 4;

    /// <returns>False for bytes beyond the window, which no honest sender sends.</returns>
    public bool Receive(DataFrame frame, ReadOnlySpan<byte> payload)
    {
        var end = frame.Position + payload.Length;
        if (end > _read + Capacity) return false;
        _newest = frame;
        if (end <= Next) return true;
        var start = Math.Max(frame.Position, Next);
        payload = payload[(int)(start - frame.Position)..];
        var offset = (int)(start % Capacity);
        var first = Math.Min(payload.Length, Capacity - offset);
        payload[..first].CopyTo(_ring.AsSpan(offset));
        payload[first..].CopyTo(_ring);
        Merge(start, end);
        return true;
    }

    /// <returns>Bytes read.</returns>
    public int Read(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, Available);
        var offset = (int)(_read % Capacity);
        var first = Math.Min(count, Capacity - offset);
        _ring.AsSpan(offset, first).CopyTo(destination);
        _ring.AsSpan(0, count - first).CopyTo(destination[first..]);
        _read += count;
        return count;
    }

    /// <summary>Writes an acknowledgement's payload; its position is <see cref="Next"/>.</summary>
    public int Acknowledge(Span<byte> payload)
    {
        _announced = _read + Capacity;
        return Acknowledgement.Write(Next, (int)(_announced - Next), _newest, _runs, ref _described, payload);
    }

    void Merge(long start, long end)
    {
        var first = 0;
        while (first < _runs.Count && _runs[first].End < start) first++;
        var last = first;
        for (; last < _runs.Count && _runs[last].Start <= end; last++)
            (start, end) = (Math.Min(start, _runs[last].Start), Math.Max(end, _runs[last].End));
        _runs.RemoveRange(first, last - first);
        if (start > Next) _runs.Insert(first, (start, end));
        else Next = end;
    }
}
