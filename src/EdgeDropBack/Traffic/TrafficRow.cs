namespace EdgeDropBack.Traffic;

/// <summary>What one layer moves of one operand in one phase. All numbers are exact.</summary>
/// <param name="Layer">The node's name; "loss" for the loss and "(entrants)" for weights that become tracked.</param>
public sealed record TrafficRow(
    TrafficPhase Phase, string Layer, TrafficOperand Operand, Access Read, Access Write, Regeneration Regenerated)
{
    /// <summary>Both ways.</summary>
    public long Bytes => Read.Bytes + Write.Bytes;
}
