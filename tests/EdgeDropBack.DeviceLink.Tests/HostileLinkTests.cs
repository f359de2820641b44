using System.Buffers.Binary;
using System.Globalization;

namespace EdgeDropBack.DeviceLink.Tests;

/// <summary>
/// Random and mutated frames into an agent: noise, greetings, changed frames of its own session, and whole messages with anything in them.
/// EDB_FRAMES=1000000 makes the long run of it.
/// </summary>
public sealed class HostileLinkTests
{
    const int Ordinary = 2000, Looks = 50;
    const long MaxManaged = 16 << 20;

    static readonly int s_frames = Environment.GetEnvironmentVariable("EDB_FRAMES") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture) : Ordinary;

    static readonly AgentLimits s_limits = new() { FileBytes = 20_000, Files = 20, FolderBytes = 100_000 };

    readonly Noise _random = new(0, 77);
    long _answered;
    bool _hasKey;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NothingButItsFolderIsTouchedAndItAnswersAfterwards(bool hasKey)
    {
        byte[]? key = hasKey ? [1, 2, 3] : null;
        _hasKey = hasKey;
        using var board = new Board(s_limits);
        var wire = new Wire();
        board.Start(wire.Agent, Board.Options with { Key = key });
        var host = new LinkEnd(isHost: true, Board.Options);
        var drain = new Thread(() => Drain(wire.Host, host));
        drain.Start();
        for (int frame = 0, part = 0; frame < s_frames; frame += Attack(wire.Host, host))
            if ((long)frame * Looks / s_frames >= part && part++ >= 0) Assert.InRange(GC.GetTotalMemory(true), 0, MaxManaged);
        if (hasKey) Assert.Equal(0, board.Statistics.Sessions);
        else Assert.True(_answered > s_frames / 10, $"{_answered} bytes of answers in {board.Statistics.Sessions} sessions");
        wire.Cut();
        drain.Join();

        Assert.Equal([board.Folder], Directory.GetFileSystemEntries(board.Root));
        var files = new DirectoryInfo(board.Folder).GetFileSystemInfos();
        Assert.True(files.Length <= s_limits.Files && files.All(file => file is FileInfo { Length: <= 20_000 }));
        using var client = board.Connect();
        Assert.StartsWith("{\"files\":", client.Status(), StringComparison.Ordinal);
    }

    /// <returns>Frames sent.</returns>
    int Attack(Stream line, LinkEnd host)
    {
        switch (_random.Next() % 8)
        {
            case 0:
                var noise = new byte[_random.Next() % 400];
                foreach (ref var value in noise.AsSpan()) value = (byte)_random.Next();
                return Send(line, [.. noise, 0]);
            case 1:
                return Send(line, Sealed(FrameSeal.None, (FrameType)(_random.Next() % 16), Mutated(Hello())));
            case 2:
                return _random.Next() % 8 == 0 ? Open(line, host) : 0;
            default:
                lock (host)
                    if (host.IsOpen) host.Write(AnyMessage());
                return host.IsOpen ? Pump(line, host, _random.Next() % 8) : Open(line, host);
        }
    }

    /// <summary>A session where the agent gives one; with a key it never does.</summary>
    int Open(Stream line, LinkEnd host)
    {
        lock (host) host.Open(Now);
        var sent = Pump(line, host, 0);
        for (var wait = 0; wait < 100 && !host.IsOpen && host.Fault == LinkFault.None; wait++)
        {
            // On a busy machine the agent may not get to run while this thread only yields; one that wants a key never answers.
            if (wait < 20 || _hasKey) Thread.Yield();
            else Thread.Sleep(1);
            sent += Pump(line, host, 0);
        }
        return sent;
    }

    /// <summary>A message with a kind and texts that may mean something, and now and then a byte changed.</summary>
    byte[] AnyMessage()
    {
        var message = new Message((MessageKind)(_random.Next() % 40));
        string[] texts = ["a", "b.npz", "user.edb", "../x", "/tmp/x", "user.edb.1", ".x", "a/b", "", "\0", "user.edb.lock", new string('n', 300)];
        for (var parts = _random.Next() % 5; parts > 0; parts--)
        {
            if (_random.Next() % 3 > 0) message.Add(texts[_random.Next() % texts.Length]);
            if (_random.Next() % 2 > 0) message.Add(_random.Next() % 4 == 0 ? (long)(_random.Next() << 20) : _random.Next() % 3000);
            if (_random.Next() % 2 > 0) message.Add(new byte[_random.Next() % 64]);
        }
        var bytes = new byte[5 + message.Body.Length];
        bytes[0] = (byte)message.Kind;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), message.Body.Length);
        message.Body.CopyTo(bytes.AsSpan(5));
        return _random.Next() % 16 == 0 ? Mutated(bytes) : bytes;
    }

    byte[] Mutated(byte[] bytes)
    {
        for (var changes = _random.Next() % 3; changes > 0 && bytes.Length > 0; changes--) bytes[_random.Next() % bytes.Length] = (byte)_random.Next();
        return _random.Next() % 8 == 0 ? bytes[..(int)(_random.Next() % (bytes.Length + 1))] : bytes;
    }

    static byte[] Hello() => Greeting.Hello(Board.Options, new byte[Greeting.NonceBytes]);

    byte[] Sealed(FrameSeal seal, FrameType type, byte[] payload)
    {
        var line = new byte[FrameFormat.MaxEncoded];
        return line[..seal.Close(type, new(_random.Next() % 70_000, (int)(_random.Next() % 16)), payload, line)];
    }

    /// <summary>Sends what the host has to send, some of it changed on the way.</summary>
    int Pump(Stream line, LinkEnd host, uint changes)
    {
        var bytes = new byte[2 * FrameFormat.MaxEncoded];
        int count;
        lock (host) count = host.Send(bytes, Now);
        if (count == 0) return 0;
        if (changes == 1) bytes[_random.Next() % count] ^= (byte)_random.Next();
        return Send(line, bytes[..count]);
    }

    static int Send(Stream line, byte[] bytes)
    {
        line.Write(bytes);
        return bytes.Count(value => value == 0);
    }

    void Drain(Stream line, LinkEnd host)
    {
        var bytes = new byte[4096];
        while (line.Read(bytes) is > 0 and var count)
            lock (host)
            {
                host.Receive(bytes.AsSpan(0, count), Now);
                while (host.Read(bytes) is > 0 and var answered) _answered += answered;
            }
    }

    static long Now => Environment.TickCount64 * 1000;
}
