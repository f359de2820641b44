namespace EdgeDropBack.DeviceLink;

/// <summary>The first byte of a frame. <see cref="Hello"/> and <see cref="Welcome"/> are the same in all versions.</summary>
enum FrameType : byte
{
    None = 0,

    /// <summary>Host to agent: open a session.</summary>
    Hello = 1,

    /// <summary>Agent to host: the session's terms, or why there is none.</summary>
    Welcome = 2,

    /// <summary>Bytes of the stream.</summary>
    Data = 3,

    /// <summary>What has arrived, and how much more may be sent.</summary>
    Ack = 4,

    /// <summary>Asks for an acknowledgement.</summary>
    Ping = 5,

    /// <summary>The sender ends the session.</summary>
    Close = 6,
}
