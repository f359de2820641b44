using System.Security.Cryptography;
using EdgeDropBack.Files;
using EdgeDropBack.Training;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// A host's view of a board. When the session is lost (line unplugged, agent restarted) it is opened again, on a new line if need be, and
/// transfers go on where they were.
/// </summary>
/// <param name="openLine">Opens the port.</param>
/// <param name="patience">For the agent's first answer.</param>
sealed class DeviceClient(Func<Stream> openLine, LinkOptions options, TimeSpan patience, Action<string> log, CancellationToken cancel) : IDisposable
{
    const int ChunkBytes = 4096, RetryMilliseconds = 500, FruitlessSessions = 10;

    /// <summary>For a port or an agent that was there and is gone.</summary>
    static readonly TimeSpan s_reconnect = TimeSpan.FromSeconds(60);

    Link? _link;
    MessageStream? _messages;
    LinkStatistics _before = new(0, 0, 0, 0, 0, 0, 0);
    int _fruitless;

    /// <summary>Over all lines.</summary>
    public LinkStatistics Statistics => _link is null ? _before : Sum(_before, _link.Statistics);

    /// <summary>Opens a session, which the requests otherwise do when they need one.</summary>
    public void Open()
    {
        if (_messages is null) Connect();
    }

    public string Status() => Ask(new(MessageKind.Status));

    public string Evaluate(IReadOnlyList<string> arguments)
        => Follow(static _ => { }, messages => messages.Send(With(arguments, new(MessageKind.Evaluate)), cancel));

    public string Rollback(string store, int generation)
        => Ask(new Message(MessageKind.Rollback).Add(RequestId()).Add(store).Add(generation));

    /// <summary>Copies a file to the agent.</summary>
    /// <returns>Bytes that were there from an earlier attempt.</returns>
    public long Push(string path, string name, Action<long, long> progress)
    {
        using var file = File.OpenRead(path);
        var sha256 = SHA256.HashData(file);
        var resumed = -1L;
        Retrying(messages =>
        {
            messages.Send(new Message(MessageKind.Push).Add(name).Add(file.Length).Add(sha256), cancel);
            file.Position = Answer(messages, MessageKind.Ready).Number();
            if (resumed < 0) resumed = file.Position;
            var chunk = new byte[ChunkBytes];
            while (!messages.HasMessage && file.Read(chunk) is > 0 and var count)
            {
                messages.Send(new Message(MessageKind.Chunk).Add(chunk.AsSpan(0, count)), cancel);
                progress(file.Position, file.Length);
            }
            return Answer(messages, MessageKind.Done);
        });
        return resumed;
    }

    /// <summary>Copies a file from the agent; an existing one is replaced when all has arrived and is right.</summary>
    /// <returns>Its size, and bytes that were there from an earlier attempt.</returns>
    public (long Size, long Resumed) Pull(string name, string path, Action<long, long> progress)
    {
        var (size, resumed) = (0L, -1L);
        Retrying(messages =>
        {
            messages.Send(new Message(MessageKind.Pull).Add(name), cancel);
            var ready = Answer(messages, MessageKind.Ready);
            size = ready.Number();
            var sha256 = ready.Bytes(SHA256.HashSizeInBytes).ToArray();
            return AgentFolder.Guarded(path, () =>
            {
                using var part = FilePart.Open($"{RealPath.OfFile(path)}.{Convert.ToHexStringLower(sha256.AsSpan(0, 8))}.part", size, sha256);
                if (resumed < 0) resumed = part.Length;
                messages.Send(new Message(MessageKind.PullFrom).Add(part.Length), cancel);
                var message = Answer(messages, MessageKind.Chunk, MessageKind.Done);
                for (; message.Kind == MessageKind.Chunk; message = Answer(messages, MessageKind.Chunk, MessageKind.Done))
                {
                    part.Append(message.Body);
                    progress(part.Length, size);
                }
                part.Finish();
                AtomicFile.Replace(part.Path, path);
                return message;
            });
        });
        return (size, resumed);
    }

    /// <summary>Starts a training and follows it.</summary>
    /// <returns>Its result, a JSON object.</returns>
    public string Train(IReadOnlyList<string> arguments, Action<DeviceProgress> progress)
    {
        var (started, id) = (false, RequestId());
        return Follow(progress, messages =>
        {
            messages.Send(started ? new(MessageKind.Watch) : With(arguments, new Message(MessageKind.Train).Add(id)), cancel);
            if (!started) Answer(messages, MessageKind.Ready);
            started = true;
        });
    }

    /// <summary>Follows the present training, or gives the last one's result.</summary>
    public string Watch(Action<DeviceProgress> progress) => Follow(progress, messages => messages.Send(new(MessageKind.Watch), cancel));

    /// <summary>Asks the training that is followed, from any thread, to save and end; following it then ends with exit code 130.</summary>
    public void Stop()
    {
        try
        {
            _messages?.Send(new(MessageKind.Cancel), cancel);
        }
        catch (LinkLostException)
        {
            // Without a session there is nobody to ask.
        }
    }

    public void Dispose()
    {
        _messages?.Close();
        _link?.Dispose();
    }

    string Follow(Action<DeviceProgress> progress, Action<MessageStream> begin) => Retrying(messages =>
    {
        begin(messages);
        while (true)
        {
            var message = Answer(messages, MessageKind.Progress, MessageKind.Log, MessageKind.Done);
            if (message.Kind == MessageKind.Done) return message;
            if (message.Kind == MessageKind.Log) log(message.Text());
            else progress(Progress(message));
        }
    }).Text();

    static DeviceProgress Progress(Message message)
    {
        var training = new TrainingProgress(message.Text(), (int)message.Number(), (int)message.Number(), message.Real(), message.Real(),
            message.Number() != 0);
        return new(training, message.Number(), message.Number(), message.Number());
    }

    string Ask(Message request) => Retrying(messages =>
    {
        messages.Send(request, cancel);
        return Answer(messages, MessageKind.Done);
    }).Text();

    /// <summary>Does a request again in a new session when one is lost, as long as one is had within the time-out.</summary>
    Message Retrying(Func<MessageStream, Message> request)
    {
        while (true)
        {
            try
            {
                return request(_messages ?? Connect());
            }
            catch (LinkLostException e)
            {
                if (++_fruitless > FruitlessSessions)
                    throw EdbException.Failed($"lost {_fruitless} sessions without an answer: {e.Message}; see the agent's log", e);
                log($"{e.Message}; connecting again");
                Disconnect();
            }
        }
    }

    MessageStream Connect()
    {
        var wait = _before.Sessions > 0 ? s_reconnect : TimeSpan.Zero;
        var until = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        while (true)
        {
            try
            {
                _link ??= new(openLine(), isHost: true, options);
                return _messages = new(_link.Open(patience, cancel));
            }
            catch (Exception e) when (e is EdbException or LinkLostException && Environment.TickCount64 < until)
            {
                Disconnect();
            }
            catch (LinkLostException e)
            {
                throw EdbException.Refused($"{e.Message}; check the cable and the port", e);
            }
            if (cancel.WaitHandle.WaitOne(RetryMilliseconds)) cancel.ThrowIfCancellationRequested();
        }
    }

    void Disconnect()
    {
        _before = Statistics;
        _link?.Dispose();
        (_link, _messages) = (null, null);
    }

    Message Answer(MessageStream messages, params ReadOnlySpan<MessageKind> expected)
    {
        var message = messages.Receive(cancel);
        _fruitless = 0;
        if (expected.Contains(message.Kind)) return message;
        if (message.Kind == MessageKind.Failed) throw new EdbException((int)message.Number(), message.Text());
        throw EdbException.Refused($"the agent answered {message.Kind}, expected {expected[0]}; use the same version of edb on both sides");
    }

    /// <summary>Tells a request that is repeated in a new session from a new one; never reaches a result.</summary>
    static long RequestId() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    static Message With(IReadOnlyList<string> arguments, Message message)
    {
        message.Add(arguments.Count);
        foreach (var argument in arguments) message.Add(argument);
        return message;
    }

    static LinkStatistics Sum(LinkStatistics a, LinkStatistics b) => new(a.Sent + b.Sent, a.SentAgain + b.SentAgain, a.Received + b.Received,
        a.Rejected + b.Rejected, a.BytesHeard + b.BytesHeard, b.ErrorsPerByte, a.Sessions + b.Sessions);
}
