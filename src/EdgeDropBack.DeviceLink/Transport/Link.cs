using System.Diagnostics;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// A <see cref="LinkEnd"/> on a line: one thread reads, one writes and keeps the times. Without a session neither wakes up before the line
/// gives bytes. Every call may come from any thread.
/// </summary>
sealed class Link : IDisposable
{
    const int LineBytes = 1024;

    readonly object _gate = new();
    readonly Stream _line;
    readonly LinkEnd _end;
    readonly Thread _reader, _writer;
    Exception? _failure;
    bool _isDisposed;

    /// <param name="line">Read and written from two threads at the same time; disposed with the link.</param>
    public Link(Stream line, bool isHost, LinkOptions options)
    {
        (_line, _end) = (line, new(isHost, options));
        _reader = new(ReadLine) { IsBackground = true, Name = "link reader" };
        _writer = new(WriteLine) { IsBackground = true, Name = "link writer" };
        _reader.Start();
        _writer.Start();
    }

    public LinkStatistics Statistics
    {
        get
        {
            lock (_gate) return _end.Statistics;
        }
    }

    static long Now => Stopwatch.GetTimestamp() * 1_000_000 / Stopwatch.Frequency;

    /// <summary>Opens a session with the agent.</summary>
    /// <exception cref="EdbException">Exit code 3: no answer in time, another protocol, another key; what was heard is told.</exception>
    public LinkStream Open(TimeSpan timeout, CancellationToken cancel)
    {
        lock (_gate)
        {
            _end.Open(Now);
            Monitor.PulseAll(_gate);
            var until = Now + (long)timeout.TotalMicroseconds;
            while (!_end.IsOpen)
            {
                if (_failure is not null) throw Lost();
                LinkErrors.ThrowIfRefused(_end);
                if (Now >= until) throw LinkErrors.NoAnswer(_end, timeout);
                Wait(until, cancel);
            }
            return new(this, _end.Epoch);
        }
    }

    /// <summary>Waits for a host.</summary>
    /// <exception cref="LinkLostException">The line is gone.</exception>
    public LinkStream Accept(CancellationToken cancel)
    {
        using var wake = cancel.Register(Pulse);
        lock (_gate)
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                if (_failure is not null) throw Lost();
                if (_end.IsOpen) return new(this, _end.Epoch);
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Ends a session; the peer is told if the line still carries it.</summary>
    internal void Close(int epoch)
    {
        lock (_gate)
        {
            if (_end.Epoch != epoch) return;
            _end.Close();
            Monitor.PulseAll(_gate);
            for (var until = Now + 500_000; _end.IsOpen && _end.Epoch == epoch && Now < until && _failure is null;)
                Wait(until, CancellationToken.None);
        }
    }

    /// <returns>At least one byte.</returns>
    internal int Read(int epoch, Span<byte> destination, CancellationToken cancel)
    {
        using var wake = cancel.Register(Pulse);
        lock (_gate)
        {
            for (; ; Monitor.Wait(_gate))
            {
                cancel.ThrowIfCancellationRequested();
                if (_end.Epoch == epoch && _end.Available > 0) break;
                if (_end.Epoch != epoch || _failure is not null) throw Lost();
            }
            var count = _end.Read(destination);
            Monitor.PulseAll(_gate);
            return count;
        }
    }

    internal bool HasBytes(int epoch)
    {
        lock (_gate) return _end.Epoch == epoch && _end.Available > 0;
    }

    /// <summary>Waits for room in the window.</summary>
    internal void Write(int epoch, ReadOnlySpan<byte> bytes, CancellationToken cancel)
    {
        using var wake = cancel.Register(Pulse);
        lock (_gate)
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                if (_end.Epoch != epoch || _failure is not null) throw Lost();
                var count = _end.Write(bytes);
                bytes = bytes[count..];
                if (count > 0) Monitor.PulseAll(_gate);
                if (bytes.Length == 0) return;
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Waits until everything written has arrived.</summary>
    internal void Flush(int epoch, CancellationToken cancel)
    {
        using var wake = cancel.Register(Pulse);
        lock (_gate)
        {
            for (; ; Monitor.Wait(_gate))
            {
                cancel.ThrowIfCancellationRequested();
                if (_end.Epoch != epoch || _failure is not null) throw Lost();
                if (_end.IsFlushed) return;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _failure ??= new ObjectDisposedException(nameof(Link));
            Monitor.PulseAll(_gate);
        }
        _line.Dispose();
        _reader.Join();
        _writer.Join();
    }

    void ReadLine()
    {
        var bytes = new byte[4 * LineBytes];
        try
        {
            while (_line.Read(bytes) is > 0 and var count)
            {
                lock (_gate)
                {
                    _end.Receive(bytes.AsSpan(0, count), Now);
                    Monitor.PulseAll(_gate);
                }
            }
            Fail(new EndOfStreamException("the line has ended"));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Fail(e);
        }
    }

    void WriteLine()
    {
        var bytes = new byte[LineBytes];
        try
        {
            while (NextBytes(bytes) is > 0 and var count) _line.Write(bytes, 0, count);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Fail(e);
        }
    }

    /// <returns>0 when the link is over.</returns>
    int NextBytes(byte[] bytes)
    {
        lock (_gate)
        {
            while (_failure is null)
            {
                var epoch = _end.Epoch;
                var count = _end.Send(bytes, Now);
                if (_end.Epoch != epoch) Monitor.PulseAll(_gate);
                if (count > 0) return count;
                Wait(_end.Deadline, CancellationToken.None);
            }
            return 0;
        }
    }

    /// <summary>Until pulsed, or a moment; in steps of at most a tenth of a second where it can be cancelled.</summary>
    void Wait(long until, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (until == long.MaxValue)
        {
            Monitor.Wait(_gate);
            return;
        }
        var milliseconds = Math.Clamp((until - Now + 999) / 1000, 1, cancel.CanBeCanceled ? 100 : 10_000);
        Monitor.Wait(_gate, (int)milliseconds);
    }

    void Fail(Exception e)
    {
        lock (_gate)
        {
            _failure ??= e;
            Monitor.PulseAll(_gate);
        }
    }

    void Pulse()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    LinkLostException Lost() => _failure is null ? new("the peer is silent, or in another session")
        : new($"the line is gone ({_failure.Message})", _failure);
}
