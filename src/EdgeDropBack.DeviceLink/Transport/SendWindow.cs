namespace EdgeDropBack.DeviceLink;

/// <summary>
/// Sends the bytes of a stream and sends again what was lost. A line keeps order: once something sent later has arrived, everything before
/// it that has not is lost, and goes out again at once, cut to the payload that the line's errors allow now. What nothing came after
/// is found by a time-out. Times are microseconds.
/// </summary>
/// <param name="options">How many bytes may be on the way, and how long they take.</param>
/// <param name="overhead">Bytes of a frame beside its payload.</param>
sealed class SendWindow(LinkOptions options, int overhead)
{
    const int Capacity = 1 << 16, Attempts = 15;
    const long AskForRoom = 250_000;

    readonly byte[] _ring = new byte[Capacity];
    readonly List<Segment> _segments = [];
    readonly ErrorRate _errors = new(overhead);
    readonly RoundTrip _roundTrip = new();
    long _acknowledged, _next, _end, _limit = ReceiveWindow.Capacity, _order, _newest, _timerFrom;
    int _onTheWay;

    /// <summary>Frames sent with new bytes, and those sent again.</summary>
    public long Sent { get; private set; }

    public long SentAgain { get; private set; }

    /// <summary>The first byte that has not been sent: the position of frames without bytes.</summary>
    public long Next => _next;

    public bool IsEmpty => _acknowledged == _end;

    /// <summary>Bytes that can be written.</summary>
    public int Room => Capacity - (int)(_end - _acknowledged);

    /// <summary>Bytes wait, and the peer has no room for them.</summary>
    public bool IsBlocked => _next < _end && _next >= _limit && _segments.Count == 0;

    public double ErrorsPerByte => _errors.PerByte;

    /// <summary>When to look for a time-out; long.MaxValue for never.</summary>
    public long Deadline => _segments.Count > 0 ? _timerFrom + _roundTrip.Timeout(options.LineTime(_onTheWay))
        : IsBlocked ? _timerFrom + AskForRoom : long.MaxValue;

    /// <returns>Bytes taken.</returns>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Room);
        var offset = (int)(_end % Capacity);
        var first = Math.Min(count, Capacity - offset);
        bytes[..first].CopyTo(_ring.AsSpan(offset));
        bytes[first..count].CopyTo(_ring);
        _end += count;
        return count;
    }

    /// <summary>The next frame's bytes.</summary>
    /// <param name="payload">At least <see cref="FrameFormat.MaxPayload"/>.</param>
    /// <returns>Bytes written; 0 when nothing may be sent now.</returns>
    public int Send(Span<byte> payload, long now, out DataFrame frame)
    {
        var segment = Lost() ?? Fresh();
        frame = default;
        if (segment is null) return 0;
        if (_onTheWay == 0) _timerFrom = now;
        (segment.Order, segment.SentAt, segment.Attempt) = (++_order, now, segment.Attempt + 1 & Attempts);
        frame = new(segment.Start, segment.Attempt);
        _onTheWay += segment.Length + overhead;
        segment.LineTime = options.LineTime(_onTheWay);
        var offset = (int)(segment.Start % Capacity);
        var first = Math.Min(segment.Length, Capacity - offset);
        _ring.AsSpan(offset, first).CopyTo(payload);
        _ring.AsSpan(0, segment.Length - first).CopyTo(payload[first..]);
        return segment.Length;
    }

    /// <param name="next">Everything before it has arrived.</param>
    /// <param name="payload">See <see cref="Acknowledgement"/>.</param>
    public void Acknowledged(long next, ReadOnlySpan<byte> payload, long now)
    {
        if (next > _next || !Acknowledgement.TryReadHead(ref payload, next, out var room, out var newest, out var start, out var isComplete)) return;
        _limit = Math.Max(_limit, next + room);
        Newest(newest, now);
        var before = _segments.Count;
        var walk = payload;
        var end = next + start;
        Arrived(0, next);
        while (Acknowledgement.TryReadStep(ref walk, out var missing, out var there))
        {
            Arrived(end + missing, end + missing + there);
            end += missing + there;
        }
        if (next > _acknowledged) _acknowledged = next;
        if (_segments.Count < before) _timerFrom = now;
        MarkLost(next + start, isComplete ? long.MaxValue : end);
    }

    /// <summary>After <see cref="Deadline"/>: the oldest bytes on the way go out once more; their acknowledgement tells about the others.</summary>
    /// <returns>False when nothing is on the way: the peer has to be asked for room.</returns>
    public bool TimedOut(long now)
    {
        _roundTrip.TimedOut();
        _timerFrom = now;
        var oldest = _segments.Find(segment => !segment.IsLost);
        if (oldest is not null) Lose(oldest);
        return _segments.Count > 0;
    }

    Segment? Lost()
    {
        if (_onTheWay >= options.Window) return null;
        for (var i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            if (!segment.IsLost) continue;
            if (segment.Length > _errors.Payload) Cut(segment, i);
            segment.IsLost = false;
            SentAgain++;
            return segment;
        }
        return null;
    }

    void Cut(Segment segment, int at)
    {
        var rest = segment.Length - _errors.Payload;
        segment.Length = _errors.Payload;
        _segments.Insert(at + 1, new() { Start = segment.End, Length = rest, Order = segment.Order, SentAt = segment.SentAt, IsLost = true });
    }

    Segment? Fresh()
    {
        var length = (int)Math.Min(Math.Min(_errors.Payload, _end - _next),
            Math.Min(_limit, _acknowledged + ReceiveWindow.Capacity) - _next);
        if (length <= 0 || _onTheWay > 0 && _onTheWay + length + overhead > options.Window) return null;
        var segment = new Segment { Start = _next, Length = length };
        _segments.Add(segment);
        _next += length;
        Sent++;
        return segment;
    }

    /// <summary>Which transmission the acknowledgement answers, and so how long it took, and what was sent before it.</summary>
    void Newest(DataFrame frame, long now)
    {
        var at = FirstFrom(frame.Position);
        if (at == _segments.Count || _segments[at] is not { } segment || segment.Start != frame.Position || segment.Attempt != frame.Attempt) return;
        if (segment.Order <= _newest) return;
        _newest = segment.Order;
        _roundTrip.Measured(now - segment.SentAt - segment.LineTime);
    }

    void Arrived(long start, long end)
    {
        var first = FirstFrom(start);
        var last = first;
        for (; last < _segments.Count && _segments[last].End <= end; last++)
        {
            var segment = _segments[last];
            if (segment.IsLost) continue;
            _onTheWay -= segment.Length + overhead;
            _errors.Saw(segment.Length, lost: false);
        }
        _segments.RemoveRange(first, last - first);
    }

    /// <summary>The first segment at or after a position.</summary>
    int FirstFrom(long position)
    {
        var (low, high) = (0, _segments.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_segments[middle].Start < position) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    void MarkLost(long from, long to)
    {
        for (var i = FirstFrom(from); i < _segments.Count && _segments[i].Start < to; i++)
            if (!_segments[i].IsLost && _segments[i].Order < _newest) Lose(_segments[i]);
    }

    void Lose(Segment segment)
    {
        segment.IsLost = true;
        _onTheWay -= segment.Length + overhead;
        _errors.Saw(segment.Length, lost: true);
    }
}
