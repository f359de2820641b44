namespace EdgeDropBack.DeviceLink;

/// <summary>Serves hosts on a port until it is told to end. A port that goes away is opened again when it comes back.</summary>
/// <param name="openLine">Opens the port.</param>
sealed class AgentService(Func<Stream> openLine, LinkOptions options, AgentFolder folder, IAgentWork work, Action<string> log)
{
    static readonly TimeSpan s_reopen = TimeSpan.FromSeconds(1);

    Link? _link;

    /// <summary>The line is open and no thread of it is stuck.</summary>
    public bool IsWell => Volatile.Read(ref _link) is not { } link || link.Statistics.Sessions >= 0;

    /// <param name="ready">Called once, when the port is open.</param>
    /// <exception cref="EdbException">Exit code 3: the port cannot be opened at first.</exception>
    public void Run(Action ready, CancellationToken cancel)
    {
        using var server = new AgentServer(folder, work, log);
        var line = openLine();
        Recover();
        ready();
        while (!cancel.IsCancellationRequested)
        {
            using (var link = new Link(line, isHost: false, options)) Serve(link, server, cancel);
            if (Reopen(cancel) is not { } next) return;
            line = next;
        }
        line.Dispose();
    }

    /// <summary>A folder that cannot be written, or a store that is in use, is told when a host wants to change it.</summary>
    void Recover()
    {
        try
        {
            folder.Recover();
        }
        catch (EdbException e)
        {
            log(e.Message);
        }
    }

    void Serve(Link link, AgentServer server, CancellationToken cancel)
    {
        Volatile.Write(ref _link, link);
        try
        {
            while (true) server.Serve(new MessageStream(link.Accept(cancel)), cancel);
        }
        catch (LinkLostException e)
        {
            log($"{e.Message}; waiting for the port");
        }
        catch (OperationCanceledException)
        {
            // Told to end.
        }
        finally
        {
            Volatile.Write(ref _link, null);
        }
    }

    Stream? Reopen(CancellationToken cancel)
    {
        while (!cancel.WaitHandle.WaitOne(s_reopen))
        {
            try
            {
                var line = openLine();
                log("the port is back");
                return line;
            }
            catch (EdbException)
            {
                // Not yet.
            }
        }
        return null;
    }
}
