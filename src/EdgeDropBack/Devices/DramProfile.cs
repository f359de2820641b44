namespace EdgeDropBack.Devices;

/// <summary>
/// Off-chip memory: size in bytes, peak bandwidth in 10^9 bytes a second, and what one core reaches in 10^6 bytes a second:
/// <paramref name="CopyMBs"/> counts bytes copied (tinymembench), <paramref name="SetMBs"/> bytes written.
/// </summary>
public sealed record DramProfile(string Kind, Figure MemoryBytes, Figure PeakGBs, Figure CopyMBs, Figure SetMBs)
{
    /// <summary>
    /// Bytes a second between chip and DRAM: every copied byte is read and written, so twice the copy rate, never above the peak.
    /// </summary>
    public double MeasuredBytesPerSecond => Math.Min(2e6 * CopyMBs.Value, 1e9 * PeakGBs.Value);
}
