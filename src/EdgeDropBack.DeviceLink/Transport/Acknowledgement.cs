using System.Buffers.Binary;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// The payload of an acknowledgement: how many bytes may follow its position, the data frame that came last, then a walk over what lies
/// beyond the position: from a start, in turns bytes missing and bytes there. A complete walk ends at the last byte there is; beyond another
/// one's end nothing is said.
/// </summary>
static class Acknowledgement
{
    public const int MaxBytes = 48;

    const int HeadBytes = 5, MaxNumber = 3;

    /// <param name="next">First byte that is missing: the frame's position.</param>
    /// <param name="window">Bytes from there that may be sent.</param>
    /// <param name="newest">The data frame that came last.</param>
    /// <param name="runs">Start and end of each run of bytes beyond it, in order.</param>
    /// <param name="first">The run to begin with; becomes the one to go on with, 0 after the last.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(long next, int window, DataFrame newest, List<(long Start, long End)> runs, ref int first, Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(payload, (ushort)window);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[2..], (ushort)newest.Position);
        payload[4] = (byte)newest.Attempt;
        if (first >= runs.Count) first = 0;
        var from = first == 0 ? next : runs[first - 1].End;
        var (at, count) = (HeadBytes + MaxNumber, first);
        for (var end = from; count < runs.Count && at + 2 * MaxNumber <= MaxBytes; end = runs[count++].End)
        {
            at += WriteNumber(runs[count].Start - end, payload[at..]);
            at += WriteNumber(runs[count].End - runs[count].Start, payload[at..]);
        }
        first = count < runs.Count ? count : 0;
        var head = WriteNumber((from - next) * 2 + (first == 0 ? 1 : 0), payload[HeadBytes..]);
        payload[(HeadBytes + MaxNumber)..at].CopyTo(payload[(HeadBytes + head)..]);
        return at - MaxNumber + head;
    }

    /// <summary>Reads what comes before the walk, which then stands in <paramref name="payload"/>.</summary>
    /// <param name="next">The acknowledgement's position.</param>
    public static bool TryReadHead(ref ReadOnlySpan<byte> payload, long next, out int window, out DataFrame newest, out int start,
        out bool isComplete)
    {
        (window, newest, start, isComplete) = (0, default, 0, false);
        if (payload.Length < HeadBytes) return false;
        window = BinaryPrimitives.ReadUInt16LittleEndian(payload);
        newest = new(FrameFormat.Nearest(next, BinaryPrimitives.ReadUInt16LittleEndian(payload[2..])), payload[4]);
        payload = payload[HeadBytes..];
        if (!TryReadNumber(ref payload, out start)) return false;
        (start, isComplete) = (start >> 1, (start & 1) != 0);
        return true;
    }

    public static bool TryReadStep(ref ReadOnlySpan<byte> payload, out int missing, out int there)
    {
        there = 0;
        return TryReadNumber(ref payload, out missing) && TryReadNumber(ref payload, out there);
    }

    /// <summary>Seven bits a byte, low ones first.</summary>
    static int WriteNumber(long value, Span<byte> payload)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7) payload[at++] = (byte)(value | 0x80);
        payload[at++] = (byte)value;
        return at;
    }

    static bool TryReadNumber(ref ReadOnlySpan<byte> payload, out int value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(MaxNumber, payload.Length); i++)
        {
            value |= (payload[i] & 0x7F) << (7 * i);
            if (payload[i] >= 0x80) continue;
            payload = payload[(i + 1)..];
            return true;
        }
        return false;
    }
}
