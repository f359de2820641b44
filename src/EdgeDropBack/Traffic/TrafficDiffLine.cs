namespace EdgeDropBack.Traffic;

/// <summary>A row that differs, in bytes a step; 0 where the row is missing.</summary>
sealed record TrafficDiffLine(
    string Lens, string Origin, TrafficMode Mode, TrafficPhase Phase, string Layer, TrafficOperand Operand, long BytesA, long BytesB)
{
    public long Change => BytesB - BytesA;
}
