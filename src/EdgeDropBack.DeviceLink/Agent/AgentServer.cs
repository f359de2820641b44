using System.Security.Cryptography;

namespace EdgeDropBack.DeviceLink;

/// <summary>Answers the requests of one host after another. A training goes on when its host goes.</summary>
sealed class AgentServer(AgentFolder folder, IAgentWork work, Action<string> log) : IDisposable
{
    const int ChunkBytes = 4096, MaxArguments = 256, WatchEndMilliseconds = 100;

    AgentJob? _job;
    Thread? _training;
    (long Id, string Result) _rollback;

    /// <summary>Serves until the session is over.</summary>
    /// <exception cref="OperationCanceledException">The agent is to end.</exception>
    public void Serve(MessageStream messages, CancellationToken cancel)
    {
        using var session = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Thread? watch = null;
        try
        {
            while (true)
            {
                var request = messages.Receive(cancel);
                try
                {
                    Answer(request, messages, ref watch, session.Token);
                }
                catch (Exception e) when (e is not (LinkLostException or OperationCanceledException))
                {
                    messages.Send(Failure(e), cancel);
                }
            }
        }
        catch (LinkLostException)
        {
            messages.Close();
        }
        finally
        {
            session.Cancel();
            watch?.Join();
        }
    }

    /// <summary>A training that runs saves and ends.</summary>
    public void Dispose()
    {
        _job?.Stop();
        _training?.Join();
        _job?.Dispose();
    }

    void Answer(Message request, MessageStream messages, ref Thread? watch, CancellationToken cancel)
    {
        switch (request.Kind)
        {
            case MessageKind.Status:
                messages.Send(new Message(MessageKind.Done).Add(work.Status(folder, _job)), cancel);
                break;
            case MessageKind.Push:
                Push(request, messages, cancel);
                break;
            case MessageKind.Pull:
                Pull(request, messages, cancel);
                break;
            case MessageKind.Train:
                Train(request.Number(), Arguments(request));
                messages.Send(new(MessageKind.Ready), cancel);
                Watch(messages, ref watch, cancel);
                break;
            case MessageKind.Watch:
                Watch(messages, ref watch, cancel);
                break;
            case MessageKind.Cancel:
                _job?.Stop();
                break;
            case MessageKind.Evaluate:
                messages.Send(new Message(MessageKind.Done).Add(work.Evaluate(Arguments(request), folder,
                    line => messages.Send(new Message(MessageKind.Log).Add(line), cancel))), cancel);
                break;
            case MessageKind.Rollback:
                messages.Send(new Message(MessageKind.Done).Add(Rollback(request)), cancel);
                break;
            case MessageKind.Chunk:
                break; // of a push that was refused
            default:
                throw EdbException.Refused($"the agent does not know request {(byte)request.Kind}; use the same version of edb on both sides");
        }
    }

    void Push(Message request, MessageStream messages, CancellationToken cancel)
    {
        var (name, size) = (request.Text(), request.Number());
        var sha256 = request.Bytes(SHA256.HashSizeInBytes).ToArray();
        if (folder.Has(name, size, sha256))
        {
            messages.Send(new Message(MessageKind.Ready).Add(size), cancel);
            messages.Send(new Message(MessageKind.Done).Add("{}"), cancel);
            return;
        }
        using var part = folder.BeginPush(name, size, sha256);
        messages.Send(new Message(MessageKind.Ready).Add(part.Length), cancel);
        while (part.Length < size)
        {
            var chunk = messages.Receive(cancel);
            if (chunk.Kind != MessageKind.Chunk) throw EdbException.Refused($"chunks of '{name}' were expected, {chunk.Kind} came; send it again");
            AgentFolder.Guarded(name, () =>
            {
                part.Append(chunk.Body);
                return true;
            });
        }
        folder.EndPush(name, part);
        log($"received {name}, {size} bytes");
        messages.Send(new Message(MessageKind.Done).Add("{}"), cancel);
    }

    void Pull(Message request, MessageStream messages, CancellationToken cancel)
    {
        var path = folder.Existing(request.Text());
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var sha256 = SHA256.HashData(file);
        messages.Send(new Message(MessageKind.Ready).Add(file.Length).Add(sha256), cancel);
        var from = messages.Receive(cancel);
        if (from.Kind != MessageKind.PullFrom) throw EdbException.Refused($"{MessageKind.PullFrom} was expected, {from.Kind} came; pull it again");
        file.Position = Math.Clamp(from.Number(), 0, file.Length);
        var chunk = new byte[ChunkBytes];
        while (file.Read(chunk) is > 0 and var count)
            messages.Send(new Message(MessageKind.Chunk).Add(chunk.AsSpan(0, count)), cancel);
        messages.Send(new Message(MessageKind.Done).Add("{}"), cancel);
    }

    void Train(long id, List<string> arguments)
    {
        if (_job?.Id == id) return;
        if (_job is { IsRunning: true }) throw EdbException.Refused("the agent is training already; see 'edb device watch', or wait for its end");
        _training?.Join();
        _job?.Dispose();
        var job = _job = new AgentJob(id, arguments);
        log($"training: {string.Join(' ', arguments)}");
        _training = new Thread(() => Run(job)) { Name = "training" };
        _training.Start();
    }

    string Rollback(Message request)
    {
        var id = request.Number();
        if (_rollback.Result is null || _rollback.Id != id)
            _rollback = (id, work.Rollback(request.Text(), (int)Math.Clamp(request.Number(), 1, int.MaxValue), folder));
        return _rollback.Result;
    }

    void Run(AgentJob job)
    {
        try
        {
            job.Finish(new Message(MessageKind.Done).Add(work.Personalize(job.Arguments, folder, job)));
            log("training: done");
        }
        catch (OperationCanceledException)
        {
            job.Finish(Failure(new EdbException(130, "stopped on request, and saved; go on with --resume")));
        }
        catch (Exception e)
        {
            job.Finish(Failure(e));
            log($"training: {e.Message}");
        }
    }

    void Watch(MessageStream messages, ref Thread? watch, CancellationToken cancel)
    {
        if (watch is not null && !watch.Join(WatchEndMilliseconds)) throw EdbException.Refused("this session watches already; one 'edb device watch' is enough");
        var job = _job ?? throw EdbException.Refused("the agent has trained nothing since it was started; "
            + "a training that was cut off with it goes on with 'edb device train ... --resume'");
        watch = new Thread(() =>
        {
            try
            {
                job.Stream(messages, cancel);
            }
            catch (Exception e) when (e is LinkLostException or OperationCanceledException)
            {
                // The host is gone; the training is not.
            }
        })
        { IsBackground = true, Name = "watch" };
        watch.Start();
    }

    static List<string> Arguments(Message request)
    {
        var arguments = new List<string>();
        for (var count = Math.Clamp(request.Number(), 0, MaxArguments); count > 0; count--) arguments.Add(request.Text());
        return arguments;
    }

    /// <summary>An agent outlives what its work throws.</summary>
    static Message Failure(Exception e)
    {
        var error = e as EdbException ?? EdbException.Failed($"{e.GetType().Name}: {e.Message}", e);
        return new Message(MessageKind.Failed).Add(error.ExitCode).Add(error.Message);
    }
}
