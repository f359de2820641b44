namespace EdgeDropBack.Devices;

/// <summary>A hardware event that crosses the chip boundary, as the kernel numbers it.</summary>
/// <param name="Types">Of the units that count it; cores of other kinds have units of their own.</param>
sealed record CounterEvent(string Name, IReadOnlyList<uint> Types, ulong Config)
{
    const uint CacheType = 3, RawType = 4;
    const ulong LastLevelReadMiss = 0x10002, LastLevelWriteMiss = 0x10102;
    const ulong L2Refill = 0x17, L2WriteBack = 0x18, LastLevelMissRead = 0x37;

    /// <summary>
    /// What this processor offers. Arm: refills and write-backs of an L2 that is the last level, else the reads that miss the last level (a
    /// Cortex-A76's BUS_ACCESS is not DRAM). x86: the kernel's last-level misses.
    /// </summary>
    public static IReadOnlyList<CounterEvent> Of(HostInfo host, bool isArm, string root = "/")
    {
        if (!isArm) return [new("LLC-load-misses", [CacheType], LastLevelReadMiss), new("LLC-store-misses", [CacheType], LastLevelWriteMiss)];
        var units = ArmUnits(root);
        return HasLevelBehindL2(host)
            ? [new("ll_cache_miss_rd", units, LastLevelMissRead)]
            : [new("l2d_cache_refill", units, L2Refill), new("l2d_cache_wb", units, L2WriteBack)];
    }

    /// <summary>Kernels that show no caches leave it to the board's profile.</summary>
    static bool HasLevelBehindL2(HostInfo host) => host.Caches.Count > 0
        ? host.Caches.Any(cache => cache.Level > 2)
        : host.Board is { } board && DeviceProfile.ForBoard(board)?.LastLevelCache is { Level: not ("L1" or "L2") };

    static IReadOnlyList<uint> ArmUnits(string root)
    {
        var folder = Path.Combine(root, "sys/bus/event_source/devices");
        var types = new List<uint>();
        if (Directory.Exists(folder))
            foreach (var device in Directory.EnumerateDirectories(folder, "armv8*").Order(StringComparer.Ordinal))
                if (SystemFile.Integer(root, Path.GetRelativePath(root, Path.Combine(device, "type"))) is { } type) types.Add((uint)type);
        return types.Count > 0 ? types : [RawType];
    }
}
