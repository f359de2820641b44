using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.DeviceLink;

/// <summary>One training on the board. It goes on without a host; hosts look at it when they like.</summary>
/// <param name="id">Of the request, so that one that is repeated starts no second training.</param>
sealed class AgentJob(long id, IReadOnlyList<string> arguments) : IDisposable
{
    const int KeptLogs = 64;

    readonly object _gate = new();
    readonly CancellationTokenSource _cancel = new();
    readonly Queue<string> _logs = new();
    long _version, _logged, _moved;
    TrainingProgress _progress;
    TrafficComparison? _traffic;
    Message? _end;

    public long Id => id;

    public IReadOnlyList<string> Arguments => arguments;

    public CancellationToken Cancel => _cancel.Token;

    public bool IsRunning
    {
        get
        {
            lock (_gate) return _end is null;
        }
    }

    public TrainingProgress Progress
    {
        get
        {
            lock (_gate) return _progress;
        }
    }

    /// <summary>What a step moves by the plan, before the first one.</summary>
    public void Tell(TrafficComparison traffic)
    {
        lock (_gate) _traffic = traffic;
    }

    public void Tell(TrainingProgress progress)
    {
        lock (_gate)
        {
            _progress = progress;
            if (progress.Step > 0) _moved += StepBytes();
            Changed();
        }
    }

    public void Tell(string log)
    {
        lock (_gate)
        {
            _logs.Enqueue(log);
            _logged++;
            if (_logs.Count > KeptLogs) _logs.Dequeue();
            Changed();
        }
    }

    public void Finish(Message end)
    {
        lock (_gate)
        {
            _end = end;
            Changed();
        }
    }

    /// <summary>Saves and ends.</summary>
    public void Stop() => _cancel.Cancel();

    /// <summary>
    /// Sends progress as it comes until the job ends or the session does. A slow line gets the latest state, not every one: training never
    /// waits for it.
    /// </summary>
    public void Stream(MessageStream messages, CancellationToken cancel)
    {
        var (seen, told) = (-1L, 0L);
        using var wake = cancel.Register(() =>
        {
            lock (_gate) Changed();
        });
        while (true)
        {
            List<Message> news;
            Message? end;
            lock (_gate)
            {
                while (_version == seen && !cancel.IsCancellationRequested) Monitor.Wait(_gate);
                cancel.ThrowIfCancellationRequested();
                (news, end) = (News(told), _end);
                (seen, told) = (_version, _logged);
            }
            foreach (var message in news) messages.Send(message, cancel);
            if (end is not null)
            {
                messages.Send(end, cancel);
                return;
            }
            messages.Flush(cancel);
        }
    }

    public void Dispose() => _cancel.Dispose();

    List<Message> News(long told)
    {
        var news = new List<Message>();
        var skipped = _logs.Count - (int)Math.Min(_logs.Count, _logged - told);
        foreach (var log in _logs)
            if (skipped-- <= 0) news.Add(new Message(MessageKind.Log).Add(log));
        if (_progress.Phase is not null)
            news.Add(new Message(MessageKind.Progress).Add(_progress.Phase).Add(_progress.Step).Add(_progress.Steps).Add(_progress.Loss)
                .Add(_progress.Churn).Add(_progress.IsFrozen ? 1 : 0).Add(StepBytes()).Add(_traffic?.Dense.Totals.Bytes ?? 0).Add(_moved));
        return news;
    }

    long StepBytes() => (_progress.IsFrozen ? _traffic?.Frozen : _traffic?.Select)?.Totals.Bytes ?? 0;

    void Changed()
    {
        _version++;
        Monitor.PulseAll(_gate);
    }
}
