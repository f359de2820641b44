namespace EdgeDropBack.Traffic;

/// <summary>Weights that were recomputed, or are zero, instead of read.</summary>
/// <param name="AvoidedBytes">What reading them as float32 would have moved.</param>
public readonly record struct Regeneration(long Elements, long AvoidedBytes)
{
    public static Regeneration operator +(Regeneration left, Regeneration right)
        => new(left.Elements + right.Elements, left.AvoidedBytes + right.AvoidedBytes);
}
