namespace EdgeDropBack.DeviceLink;

/// <summary>Bytes of a stream that were sent in one frame and are not acknowledged.</summary>
sealed class Segment
{
    public required long Start { get; init; }

    public required int Length { get; set; }

    public long End => Start + Length;

    /// <summary>Number of the transmission, counted over the whole stream: a line delivers in this order.</summary>
    public long Order { get; set; }

    /// <summary>Microseconds.</summary>
    public long SentAt { get; set; }

    /// <summary>Microseconds that it and what was on the way before it take on the line.</summary>
    public long LineTime { get; set; }

    /// <summary>Has to be sent again.</summary>
    public bool IsLost { get; set; }

    /// <summary>Transmissions of the bytes from <see cref="Start"/>, modulo 16: stands in the frame and in its acknowledgement.</summary>
    public int Attempt { get; set; }
}
