namespace EdgeDropBack.DeviceLink.Tests;

/// <summary>Two ends on a line of a baud rate, a delay and noise, in simulated time: what it measures does not hang on the machine.</summary>
sealed class SimulatedLine
{
    public const long Tick = 500;

    const int KernelBuffer = 4096;

    readonly Direction _toAgent, _toHost;
    readonly int _baud, _delayTicks;
    byte _nonces;

    public SimulatedLine(int baud, double errors = 0, uint seed = 1, int delayTicks = 2, byte[]? hostKey = null, byte[]? agentKey = null,
        LinkVersions? agentVersions = null)
    {
        (_baud, _delayTicks) = (baud, delayTicks);
        Host = new(isHost: true, new() { Baud = baud, Key = hostKey, Nonce = nonce => Array.Fill(nonce, ++_nonces) });
        Agent = new(isHost: false, new()
        {
            Baud = baud,
            Key = agentKey,
            Nonce = nonce => Array.Fill(nonce, ++_nonces),
            Versions = agentVersions ?? LinkVersions.Here,
        });
        _toAgent = new(Host, Agent, new Noise(errors, seed));
        _toHost = new(Agent, Host, new Noise(errors, seed + 100));
    }

    public LinkEnd Host { get; }

    public LinkEnd Agent { get; }

    /// <summary>Microseconds.</summary>
    public long Now { get; private set; } = 1_000_000;

    /// <summary>Nothing passes.</summary>
    public bool IsCut { get; set; }

    /// <summary>Sees every byte that reaches the agent.</summary>
    public Action<byte[]>? Listener { get; set; }

    public void Step()
    {
        Now += Tick;
        Step(_toAgent);
        Step(_toHost);
    }

    /// <summary>Steps until the condition holds; fails after so many simulated seconds.</summary>
    public void Until(Func<bool> condition, double seconds = 60)
    {
        for (var end = Now + (long)(seconds * 1e6); !condition();)
        {
            Assert.True(Now < end, $"nothing within {seconds} s");
            Step();
        }
    }

    public void Open()
    {
        Host.Open(Now);
        Until(() => Host.IsOpen && Agent.IsOpen);
    }

    /// <returns>Bytes a second as a share of the line rate, ten bits to a byte.</returns>
    public double Transfer(LinkEnd from, LinkEnd to, byte[] bytes)
    {
        var (written, read, start) = (0, 0, Now);
        var received = new byte[bytes.Length];
        Until(() =>
        {
            written += from.Write(bytes.AsSpan(written));
            read += to.Read(received.AsSpan(read));
            return read == bytes.Length;
        }, 2000);
        Assert.Equal(bytes, received);
        return bytes.Length / ((Now - start) / 1e6) / (_baud / 10.0);
    }

    void Step(Direction direction)
    {
        Span<byte> buffer = stackalloc byte[1024];
        while (direction.Queue.Count < KernelBuffer && direction.From.Send(buffer, Now) is > 0 and var count)
            direction.Queue.AddRange(buffer[..count].ToArray());
        var tick = _baud / 10.0 * Tick / 1e6;
        direction.Credit = Math.Min(direction.Credit, 1) + tick;
        var passing = Math.Min((int)direction.Credit, direction.Queue.Count);
        direction.Credit -= passing;
        var line = new List<byte>();
        direction.Noise.Pass(direction.Queue.GetRange(0, passing).ToArray(), line);
        direction.Queue.RemoveRange(0, passing);
        direction.Delayed.Enqueue(IsCut ? [] : line.ToArray());
        if (direction.Delayed.Count <= _delayTicks) return;
        var arrived = direction.Delayed.Dequeue();
        if (arrived.Length == 0) return;
        if (direction.To == Agent) Listener?.Invoke(arrived);
        direction.To.Receive(arrived, Now);
    }

    sealed class Direction(LinkEnd from, LinkEnd to, Noise noise)
    {
        public LinkEnd From => from;

        public LinkEnd To => to;

        public Noise Noise => noise;

        public List<byte> Queue { get; } = [];

        public Queue<byte[]> Delayed { get; } = new();

        public double Credit { get; set; }
    }
}
