namespace EdgeDropBack.Training;

/// <summary>What the last-level cache of a device moves in one step, by the modelled lens.</summary>
/// <param name="Profile">The device.</param>
/// <param name="FillLines">Lines read from DRAM.</param>
/// <param name="WriteBackLines">Lines written to it.</param>
/// <param name="LineBytes">Bytes of a line.</param>
/// <param name="Rules">What the cache was taken to do.</param>
sealed record BenchTraffic(string Profile, long FillLines, long WriteBackLines, int LineBytes, string Rules);
