namespace EdgeDropBack.Devices;

/// <summary>
/// Cores of one kind. <paramref name="FlopPerCycle"/>: peak float32 operations per cycle of one core, a fused multiply-add is two.
/// </summary>
public sealed record CoreCluster(
    int Count, string Microarchitecture, bool Performance, Figure ClockGHz, Figure FlopPerCycle, string? Source)
{
    /// <summary>Peak float32 operations a second of one core.</summary>
    public double PeakFlops => ClockGHz.Value * 1e9 * FlopPerCycle.Value;
}
