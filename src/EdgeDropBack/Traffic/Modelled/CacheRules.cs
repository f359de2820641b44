using EdgeDropBack.Devices;

namespace EdgeDropBack.Traffic;

/// <summary>What the modelled lens takes a device's caches to be.</summary>
/// <param name="First">Data cache of a performance core.</param>
/// <param name="Last">The last level in front of DRAM.</param>
/// <param name="Kernels">Name of the kernels that run there.</param>
sealed record CacheRules(CacheProfile First, CacheProfile Last, string Kernels)
{
    /// <summary>Null where the profile has no caches: an accounting, not a device.</summary>
    public static CacheRules? Of(DeviceProfile profile)
    {
        var performance = profile.Cores.FirstOrDefault(core => core.Performance)?.Microarchitecture;
        var first = profile.Caches.Where(c => c.Level == "L1" && c.Kind != "instruction")
            .OrderByDescending(c => c.Cluster == performance).FirstOrDefault();
        if (first is null || profile.LastLevelCache is not { Level: not "L1" } last || last.LineBytes != first.LineBytes) return null;
        return new(first, last, profile.InstructionSets.Contains("avx2") ? "avx2" : "advsimd");
    }

    /// <summary>For the header of reports.</summary>
    public override string ToString()
        => $"{Last.Level} of {Last.Bytes >> 10} KiB, {Last.Ways} ways, {Last.LineBytes}-byte lines, write-allocate, write-back, least recently used, "
            + $"behind a write-through L1 of {First.Bytes >> 10} KiB, {First.Ways} ways; one thread, {Kernels} kernels; "
            + "prefetching and levels between are not modelled, instructions only take room";
}
