namespace EdgeDropBack.Devices;

/// <summary>
/// One cache: <paramref name="Level"/> L1, L2, L3 or system; <paramref name="Kind"/> data, instruction or unified;
/// <paramref name="SharedBy"/> the number of cores that share it; <paramref name="Cluster"/> the microarchitecture that has it,
/// null for all cores.
/// </summary>
public sealed record CacheProfile(
    string Level, string Kind, long Bytes, int Ways, int LineBytes, int SharedBy, string? Cluster, bool Estimate, string? Source)
{
    internal static readonly string[] Levels = ["L1", "L2", "L3", "system"];
    internal static readonly string[] Kinds = ["data", "instruction", "unified"];

    /// <summary>Number of sets: bytes / (ways x line).</summary>
    public long Sets => Bytes / ((long)Ways * LineBytes);

    /// <summary>1 next to the core, rising towards DRAM.</summary>
    public int Depth => Array.IndexOf(Levels, Level) + 1;
}
