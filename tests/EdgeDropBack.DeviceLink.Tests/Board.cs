using System.Collections.Concurrent;

namespace EdgeDropBack.DeviceLink.Tests;

/// <summary>An agent in a folder of its own, served on a thread; it can be plugged into one wire after another.</summary>
sealed class Board : IDisposable
{
    public static readonly LinkOptions Options = new() { Baud = 3_000_000 };

    readonly AgentLimits _limits;
    CancellationTokenSource _cancel = new();
    AgentServer? _server;
    Thread? _thread;
    Link? _link;

    public Board(AgentLimits? limits = null)
    {
        _limits = limits ?? new();
        Directory.CreateDirectory(Root);
    }

    /// <summary>The agent's folder is in it, and nothing else may be.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("edb-link-").FullName;

    public string Folder => Path.Combine(Root, "agent");

    public FakeWork Work { get; } = new();

    public ConcurrentQueue<string> Logs { get; } = new();

    public LinkStatistics Statistics => _link!.Statistics;

    /// <summary>Plugs the agent into a line, the one before it being over.</summary>
    public void Start(Stream line, LinkOptions? options = null)
    {
        Stop();
        _cancel = new();
        var link = _link = new Link(line, isHost: false, options ?? Options);
        var cancel = _cancel.Token;
        var server = _server ??= new(new AgentFolder(Folder, _limits), Work, Logs.Enqueue);
        _thread = new Thread(() => Serve(server, link, cancel));
        _thread.Start();
    }

    public void Stop()
    {
        _cancel.Cancel();
        _link?.Dispose();
        _thread?.Join();
    }

    /// <summary>A client on a wire to this agent; each time it connects again it gets the next wire.</summary>
    public DeviceClient Client(params Wire[] wires) => Client(CancellationToken.None, wires);

    public DeviceClient Client(CancellationToken cancel, params Wire[] wires)
    {
        var next = 0;
        return new(() =>
        {
            Start(wires[next].Agent);
            return wires[next++].Host;
        }, Options, TimeSpan.FromSeconds(10), Logs.Enqueue, cancel);
    }

    /// <summary>A board and a client on one wire.</summary>
    public DeviceClient Connect(double errors = 0) => Client(new Wire(errors));

    public void Dispose()
    {
        Stop();
        _server?.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    static void Serve(AgentServer server, Link link, CancellationToken cancel)
    {
        try
        {
            while (true) server.Serve(new MessageStream(link.Accept(cancel)), cancel);
        }
        catch (Exception e) when (e is LinkLostException or OperationCanceledException)
        {
            // The wire was cut, or the test is over.
        }
    }
}
