namespace EdgeDropBack.DeviceLink.Tests;

/// <summary>Two ends in simulated time: efficiency and recovery are figures of the protocol, not of the machine.</summary>
public sealed class LinkEndTests
{
    [Theory]
    [InlineData(9_600, 0, 0.7, 20_000)]
    [InlineData(115_200, 0, 0.7, 200_000)]
    [InlineData(921_600, 0, 0.7, 800_000)]
    [InlineData(3_000_000, 0, 0.7, 2_000_000)]
    [InlineData(9_600, 0.01, 0.4, 20_000)]
    [InlineData(115_200, 0.01, 0.4, 200_000)]
    [InlineData(921_600, 0.01, 0.4, 800_000)]
    public void ALineCarriesThisShareOfItsRate(int baud, double errors, double share, int bytes)
    {
        var line = new SimulatedLine(baud, errors, delayTicks: 8);
        line.Open();
        var toAgent = line.Transfer(line.Host, line.Agent, Bytes(bytes, 3));
        var toHost = line.Transfer(line.Agent, line.Host, Bytes(bytes, 4));
        Assert.True(toAgent >= share && toHost >= share, $"{toAgent:P1} to the agent, {toHost:P1} to the host, expected {share:P0}");
        if (errors > 0) Assert.True(line.Host.Statistics.SentAgain > 0 && line.Agent.Statistics.Rejected > 0);
        else Assert.Equal(0, line.Host.Statistics.Rejected + line.Agent.Statistics.Rejected);
    }

    [Fact]
    public void ACleanLineIsNeverSentTwice()
    {
        var line = new SimulatedLine(115_200);
        line.Open();
        line.Transfer(line.Host, line.Agent, Bytes(100_000, 1));
        Assert.Equal(0, line.Host.Statistics.SentAgain);
    }

    [Fact]
    public void TheSameWithAKey()
    {
        byte[] key = [1, 2, 3];
        var line = new SimulatedLine(115_200, 0.005, hostKey: key, agentKey: key);
        line.Open();
        line.Transfer(line.Host, line.Agent, Bytes(50_000, 1));
    }

    [Fact]
    public void AReaderThatDoesNotReadStopsTheWriterAndLosesNothing()
    {
        var line = new SimulatedLine(921_600);
        line.Open();
        var bytes = Bytes(400_000, 1);
        var written = 0;
        for (var i = 0; i < 4000; i++)
        {
            written += line.Host.Write(bytes.AsSpan(written));
            line.Step();
        }
        Assert.InRange(written, ReceiveWindow.Capacity, ReceiveWindow.Capacity + (1 << 16));
        Assert.Equal(ReceiveWindow.Capacity, line.Agent.Available);
        var received = new byte[bytes.Length];
        var read = 0;
        line.Until(() =>
        {
            written += line.Host.Write(bytes.AsSpan(written));
            read += line.Agent.Read(received.AsSpan(read));
            return read == bytes.Length;
        });
        Assert.Equal(bytes, received);
    }

    [Fact]
    public void ACutOfTwoSecondsLosesNothing()
    {
        var line = new SimulatedLine(115_200);
        line.Open();
        var bytes = Bytes(60_000, 1);
        var (written, read, received) = (0, 0, new byte[60_000]);
        var cut = line.Now + 1_000_000;
        line.Until(() =>
        {
            line.IsCut = line.Now > cut && line.Now < cut + 2_000_000;
            written += line.Host.Write(bytes.AsSpan(written));
            read += line.Agent.Read(received.AsSpan(read));
            return read == bytes.Length;
        });
        Assert.Equal(bytes, received);
    }

    [Fact]
    public void ASilentPeerEndsTheSessionOnBothSides()
    {
        var line = new SimulatedLine(115_200);
        line.Open();
        line.IsCut = true;
        line.Until(() => !line.Host.IsOpen && !line.Agent.IsOpen, 20);
        line.IsCut = false;
        line.Open();
    }

    [Fact]
    public void AnIdleSessionStaysOpen()
    {
        var line = new SimulatedLine(9_600);
        line.Open();
        for (var end = line.Now + 30_000_000; line.Now < end;) line.Step();
        Assert.True(line.Host.IsOpen && line.Agent.IsOpen);
        Assert.Equal(1, line.Host.Statistics.Sessions);
    }

    [Fact]
    public void AClosedSessionIsClosedOnBothSides()
    {
        var line = new SimulatedLine(115_200, 0.01);
        line.Open();
        line.Host.Close();
        line.Until(() => !line.Host.IsOpen && !line.Agent.IsOpen, 1);
    }

    [Fact]
    public void ASecondHostTakesOver()
    {
        var line = new SimulatedLine(115_200);
        line.Open();
        line.Host.Write(Bytes(1000, 1));
        line.Open();
        line.Transfer(line.Host, line.Agent, Bytes(2000, 2));
        Assert.Equal(2, line.Agent.Statistics.Sessions);
    }

    [Theory]
    [InlineData("aa", "bb", LinkFault.WrongKey)]
    [InlineData("aa", null, LinkFault.AgentHasNoKey)]
    [InlineData(null, "bb", LinkFault.AgentHasKey)]
    public void KeysThatDifferAreToldApart(string? host, string? agent, object fault)
    {
        var line = new SimulatedLine(115_200, hostKey: Key(host), agentKey: Key(agent));
        line.Host.Open(line.Now);
        line.Until(() => line.Host.Fault != LinkFault.None, 2);
        Assert.Equal(fault, line.Host.Fault);
        for (var i = 0; i < 4000; i++) line.Step();
        Assert.False(line.Host.IsOpen || line.Agent.IsOpen);

        static byte[]? Key(string? hex) => hex is null ? null : Convert.FromHexString(hex);
    }

    [Fact]
    public void AnotherProtocolIsNamedWithItsVersions()
    {
        var line = new SimulatedLine(115_200, agentVersions: new(2, 3));
        line.Host.Open(line.Now);
        line.Until(() => line.Host.Fault != LinkFault.None, 2);
        Assert.Equal(LinkFault.OtherVersion, line.Host.Fault);
        Assert.Equal("2 to 3", line.Host.PeerVersions.ToString());
    }

    [Fact]
    public void ANewerAgentThatStillSpeaksOursIsTaken() => new SimulatedLine(115_200, agentVersions: new(1, 9)).Open();

    /// <summary>Everything that reached the agent is played again, whole and in any order, in the same session and in the next.</summary>
    [Fact]
    public void ReplayedFramesAreRefused()
    {
        byte[] key = [9, 9];
        var recorded = new List<byte>();
        var line = new SimulatedLine(115_200, hostKey: key, agentKey: key) { Listener = recorded.AddRange };
        line.Open();
        line.Transfer(line.Host, line.Agent, Bytes(200_000, 1));
        var frames = Frames(recorded);
        for (var i = 0; i < frames.Count; i++) line.Agent.Receive(frames[i * 7 % frames.Count], line.Now);
        Assert.Equal(0, line.Agent.Available);
        line.Open();
        var sessions = line.Agent.Statistics.Sessions;
        foreach (var frame in frames) line.Agent.Receive(frame, line.Now);
        Assert.Equal(0, line.Agent.Available);
        Assert.Equal(sessions, line.Agent.Statistics.Sessions);
        line.Transfer(line.Host, line.Agent, Bytes(2000, 2));
    }

    static List<byte[]> Frames(List<byte> line)
    {
        var frames = new List<byte[]>();
        for (var start = 0; line.IndexOf(0, start) is >= 0 and var end; start = end + 1)
            frames.Add(line.GetRange(start, end + 1 - start).ToArray());
        return frames;
    }

    internal static byte[] Bytes(int count, uint seed)
    {
        var noise = new Noise(0, seed);
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)noise.Next();
        return bytes;
    }
}
