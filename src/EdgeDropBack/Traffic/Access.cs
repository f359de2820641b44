namespace EdgeDropBack.Traffic;

/// <summary>How much was moved one way.</summary>
/// <param name="Lines">64-byte lines: each access to an operand rounded up; a random access is one line.</param>
public readonly record struct Access(long Elements, long Bytes, long Lines)
{
    public const int LineBytes = 64;

    public static Access operator +(Access left, Access right)
        => new(left.Elements + right.Elements, left.Bytes + right.Bytes, left.Lines + right.Lines);

    /// <summary>Consecutive elements.</summary>
    public static Access Stream(long elements, long bytes) => new(elements, bytes, (bytes + LineBytes - 1) / LineBytes);

    /// <summary>Elements far apart, a line each.</summary>
    public static Access Random(long elements, long bytes) => new(elements, bytes, bytes == 0 ? 0 : elements);
}
