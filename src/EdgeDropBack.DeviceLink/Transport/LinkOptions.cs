using System.Security.Cryptography;

namespace EdgeDropBack.DeviceLink;

/// <summary>What both ends of a link have to agree on, and what is the same for all sessions of one.</summary>
sealed record LinkOptions
{
    const int BitsAByte = 10, PartOfASecond = 4, SmallestWindow = 2 * (FrameFormat.MaxPayload + FrameFormat.Overhead);

    /// <summary>Bits a second of the line, ten to a byte: how much may be on the way hangs on it, not how fast is sent.</summary>
    public int Baud { get; init; } = 115_200;

    /// <summary>The shared key, or null for none.</summary>
    public byte[]? Key { get; init; }

    public LinkVersions Versions { get; init; } = LinkVersions.Here;

    /// <summary>Microseconds without a valid frame after which a session is over.</summary>
    public long PeerTimeout { get; init; } = 8_000_000;

    /// <summary>Fills a nonce; its bytes never reach a result.</summary>
    public Action<byte[]> Nonce { get; init; } = static nonce => RandomNumberGenerator.Fill(nonce);

    /// <summary>Bytes that may be on the way: a quarter of a second.</summary>
    public int Window => Math.Clamp(Baud / BitsAByte / PartOfASecond, SmallestWindow, ReceiveWindow.Capacity);

    /// <summary>Microseconds that so many bytes take on the line.</summary>
    public long LineTime(int bytes) => bytes * BitsAByte * 1_000_000L / Baud;
}
