namespace EdgeDropBack.Tests.Hostile;

enum ByteEditKind
{
    Set,
    Flip,
    SetLittleEndian,
    SetBigEndian,
    SetLong,
    Cut,
    Remove,
    Repeat,
    Insert,
}
