namespace EdgeDropBack.DeviceLink;

/// <summary>One session: a stream of bytes each way, sealed with the session's own numbers.</summary>
sealed class LinkSession(LinkOptions options, FrameSeal outgoing, FrameSeal incoming, long now)
{
    public FrameSeal Outgoing { get; } = outgoing;

    public FrameSeal Incoming { get; } = incoming;

    public SendWindow Sender { get; } = new(options, outgoing.Overhead);

    public ReceiveWindow Receiver { get; } = new();

    /// <summary>When the last valid frame came, microseconds.</summary>
    public long HeardAt { get; set; } = now;

    public long PingedAt { get; set; } = now;

    /// <summary>An acknowledgement has to go out.</summary>
    public bool OwesAcknowledgement { get; set; }

    public bool OwesPing { get; set; }

    /// <summary>Close frames still to be sent.</summary>
    public int OwedCloses { get; set; }

    /// <summary>The peer has shown that it is in this session.</summary>
    public bool IsConfirmed { get; set; }
}
