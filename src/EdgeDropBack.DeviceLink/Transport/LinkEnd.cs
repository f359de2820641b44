namespace EdgeDropBack.DeviceLink;

/// <summary>
/// One end of a link as a machine without clock, thread or line: bytes from the line go in, bytes for it come out, and time is an argument
/// (microseconds from any moment). The host opens sessions; the agent keeps the present one until the host has shown, with a frame sealed
/// for it, that it is in the next.
/// </summary>
sealed class LinkEnd(bool isHost, LinkOptions options)
{
    const long PingInterval = 1_000_000, HelloInterval = 150_000;
    const int Closes = 3, MaxHeard = 64;

    readonly FrameReader _reader = new();
    readonly byte[] _heard = new byte[MaxHeard];
    byte[] _hello = [], _welcome = [];
    LinkSession? _session, _pending;
    bool _owesHello, _owesWelcome;
    long _helloAt, _sent, _sentAgain, _received, _rejected, _bytesHeard;
    int _sessions;

    public LinkOptions Options => options;

    /// <summary>A session that both ends are in.</summary>
    public bool IsOpen => _session is not null;

    /// <summary>Changes with every session that opens or ends.</summary>
    public int Epoch { get; private set; }

    /// <summary>Why the agent cannot be had; with <see cref="PeerVersions"/>.</summary>
    public LinkFault Fault { get; private set; }

    public LinkVersions PeerVersions { get; private set; }

    /// <summary>The first bytes that the line gave.</summary>
    public ReadOnlySpan<byte> Heard => _heard.AsSpan(0, (int)Math.Min(_bytesHeard, MaxHeard));

    public LinkStatistics Statistics => new(_sent + (_session?.Sender.Sent ?? 0), _sentAgain + (_session?.Sender.SentAgain ?? 0), _received,
        _rejected + _reader.Broken, _bytesHeard, _session?.Sender.ErrorsPerByte ?? 0, _sessions);

    public int Available => _session?.Receiver.Available ?? 0;

    /// <summary>Everything written has arrived.</summary>
    public bool IsFlushed => _session?.Sender.IsEmpty ?? true;

    /// <summary>When <see cref="Send"/> has something to do though nothing was received or written; long.MaxValue for never.</summary>
    public long Deadline
    {
        get
        {
            var deadline = isHost && _hello.Length > 0 && _session is null ? _helloAt + Greetings : long.MaxValue;
            if (_session is null) return deadline;
            deadline = Math.Min(_session.Sender.Deadline, _session.HeardAt + options.PeerTimeout);
            return isHost ? Math.Min(deadline, Math.Max(_session.HeardAt, _session.PingedAt) + PingInterval) : deadline;
        }
    }

    /// <summary>Time between two greetings: the line has to have carried both.</summary>
    long Greetings => HelloInterval + options.LineTime(3 * FrameFormat.MaxEncoded);

    /// <summary>The host asks for a session, until there is one or <see cref="Fault"/> says why not.</summary>
    public void Open(long now)
    {
        End();
        var nonce = new byte[Greeting.NonceBytes];
        options.Nonce(nonce);
        (_hello, _pending, Fault) = (Greeting.Hello(options, nonce), null, LinkFault.None);
        (_owesHello, _helloAt) = (true, now);
    }

    /// <summary>Ends the session; <see cref="Send"/> tells the peer.</summary>
    public void Close()
    {
        if (_session is not null) _session.OwedCloses = Closes;
        else if (isHost) _hello = [];
    }

    /// <returns>Bytes taken of the stream; 0 without a session or room.</returns>
    public int Write(ReadOnlySpan<byte> bytes) => _session?.Sender.Write(bytes) ?? 0;

    /// <returns>Bytes of the stream; 0 when none have come.</returns>
    public int Read(Span<byte> destination)
    {
        var count = _session?.Receiver.Read(destination) ?? 0;
        if (_session is { Receiver.HasRoomToAnnounce: true }) _session.OwesAcknowledgement = true;
        return count;
    }

    public void Receive(ReadOnlySpan<byte> line, long now)
    {
        if (_bytesHeard < MaxHeard) line[..(int)Math.Min(line.Length, MaxHeard - _bytesHeard)].CopyTo(_heard.AsSpan((int)_bytesHeard));
        _bytesHeard += line.Length;
        while (_reader.Next(ref line, out var frame))
        {
            if (Take(frame, now)) _received++;
            else _rejected++;
        }
    }

    /// <summary>Writes frames for the line.</summary>
    /// <param name="line">At least two frames long.</param>
    /// <returns>Bytes written; 0 when there is nothing to send before <see cref="Deadline"/>.</returns>
    public int Send(Span<byte> line, long now)
    {
        CheckTimes(now);
        var written = Greet(line);
        var session = _session ?? (isHost ? _pending : null);
        if (session is null) return written;
        Span<byte> payload = stackalloc byte[FrameFormat.MaxPayload];
        while (line.Length - written >= FrameFormat.MaxEncoded)
        {
            var count = Next(session, payload, now, out var type, out var place);
            if (type == FrameType.None) break;
            if (type == FrameType.Ping) line[written++] = Cobs.Delimiter;
            written += session.Outgoing.Close(type, place, payload[..count], line[written..]);
            if (type == FrameType.Close && session.OwedCloses == 0) End();
        }
        return written;
    }

    int Greet(Span<byte> line)
    {
        if (!_owesHello && !_owesWelcome) return 0;
        var (type, payload) = _owesHello ? (FrameType.Hello, _hello) : (FrameType.Welcome, _welcome);
        _owesHello = _owesWelcome = false;
        line[0] = Cobs.Delimiter;
        return 1 + FrameSeal.None.Close(type, default, payload, line[1..]);
    }

    /// <summary>Acknowledgements first: the peer's window hangs on them.</summary>
    static int Next(LinkSession session, Span<byte> payload, long now, out FrameType type, out DataFrame place)
    {
        (type, place) = (FrameType.None, new(session.Sender.Next, 0));
        if (session.OwesAcknowledgement)
        {
            (session.OwesAcknowledgement, type, place) = (false, FrameType.Ack, new(session.Receiver.Next, 0));
            return session.Receiver.Acknowledge(payload);
        }
        if (session.OwesPing)
        {
            (session.OwesPing, session.PingedAt, type) = (false, now, FrameType.Ping);
            return 0;
        }
        if (session.OwedCloses > 0)
        {
            (session.OwedCloses, type) = (session.OwedCloses - 1, FrameType.Close);
            return 0;
        }
        var count = session.IsConfirmed ? session.Sender.Send(payload, now, out place) : 0;
        if (count > 0) type = FrameType.Data;
        return count;
    }

    void CheckTimes(long now)
    {
        if (_session is { } session)
        {
            if (now - session.HeardAt >= options.PeerTimeout) End();
            else if (now >= session.Sender.Deadline && !session.Sender.TimedOut(now)) session.OwesPing = true;
            else if (isHost && now >= Math.Max(session.HeardAt, session.PingedAt) + PingInterval) session.OwesPing = true;
        }
        else if (isHost && _hello.Length > 0 && now >= _helloAt + Greetings)
        {
            _helloAt = now;
            _owesHello = true;
            if (_pending is not null) _pending.OwesPing = true;
        }
    }

    bool Take(ReadOnlySpan<byte> frame, long now)
    {
        if (FrameSeal.None.IsWhole(frame))
        {
            var payload = frame[FrameFormat.HeaderBytes..^FrameFormat.CrcBytes];
            return (FrameType)frame[0] switch
            {
                FrameType.Hello when !isHost => TakeHello(payload, now),
                FrameType.Welcome when isHost => TakeWelcome(payload, now),
                _ => false,
            };
        }
        if (_session is not null && Take(_session, frame, now)) return true;
        if (_pending is null || !Take(_pending, frame, now)) return false;
        Begin(_pending);
        return true;
    }

    bool TakeHello(ReadOnlySpan<byte> payload, long now)
    {
        if (!Greeting.IsHello(payload)) return false;
        _owesWelcome = true;
        var version = options.Versions.Common(Greeting.Versions(payload));
        if (payload.SequenceEqual(_hello)) return true;
        var nonce = new byte[Greeting.NonceBytes];
        options.Nonce(nonce);
        _hello = payload.ToArray();
        _welcome = Greeting.Welcome(options, version, _hello, nonce);
        _pending = version == 0 || Greeting.HasKey(payload) != options.Key is not null ? null : NewSession(now);
        return true;
    }

    bool TakeWelcome(ReadOnlySpan<byte> payload, long now)
    {
        if (_hello.Length == 0 || !Greeting.IsWelcome(payload, _hello)) return false;
        if (_session is not null || _pending is not null && payload.SequenceEqual(_welcome)) return true;
        PeerVersions = Greeting.Versions(payload);
        Fault = Greeting.Version(payload) == 0 || options.Versions.Common(PeerVersions) != Greeting.Version(payload) ? LinkFault.OtherVersion
            : options.Key is null && Greeting.HasKey(payload) ? LinkFault.AgentHasKey
            : options.Key is null ? LinkFault.None
            : !Greeting.HasKey(payload) ? LinkFault.AgentHasNoKey
            : Greeting.IsProven(options.Key, _hello, payload) ? LinkFault.None : LinkFault.WrongKey;
        if (Fault != LinkFault.None)
        {
            _hello = [];
            return true;
        }
        _welcome = payload.ToArray();
        _pending = NewSession(now);
        _pending.OwesPing = true;
        return true;
    }

    LinkSession NewSession(long now)
    {
        var (host, agent) = (Greeting.Seal(options, "host"u8, _hello, _welcome), Greeting.Seal(options, "agent"u8, _hello, _welcome));
        return isHost ? new(options, host, agent, now) : new(options, agent, host, now);
    }

    void Begin(LinkSession session)
    {
        End();
        (_session, _pending) = (session, null);
        session.IsConfirmed = true;
        _sessions++;
        Epoch++;
    }

    void End()
    {
        if (_session is null) return;
        _sent += _session.Sender.Sent;
        _sentAgain += _session.Sender.SentAgain;
        _session = null;
        if (isHost) _hello = [];
        Epoch++;
    }

    bool Take(LinkSession session, ReadOnlySpan<byte> frame, long now)
    {
        if (!session.Incoming.IsWhole(frame)) return false;
        var (type, attempt) = ((FrameType)(frame[0] & 0xF), frame[0] >> 4);
        var reference = type == FrameType.Ack ? session.Sender.Next : session.Receiver.Next;
        var position = FrameFormat.Nearest(reference, (ushort)(frame[2] | frame[3] << 8));
        if (position < 0 || !session.Incoming.IsGenuine(frame, position)) return false;
        var payload = frame.Slice(FrameFormat.HeaderBytes, frame[1]);
        switch (type)
        {
            case FrameType.Data:
                if (!session.Receiver.Receive(new(position, attempt), payload)) return false;
                session.OwesAcknowledgement = true;
                break;
            case FrameType.Ack:
                session.Sender.Acknowledged(position, payload, now);
                break;
            case FrameType.Ping:
                session.OwesAcknowledgement = true;
                break;
            case FrameType.Close:
                if (session == _session) End();
                break;
            default:
                return false;
        }
        session.HeardAt = now;
        return true;
    }
}
