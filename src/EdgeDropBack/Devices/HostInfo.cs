namespace EdgeDropBack.Devices;

/// <summary>The machine this process runs on, as far as Linux tells; what it does not tell is null, zero or empty.</summary>
sealed record HostInfo
{
    /// <summary>Shares of the best core's capacity, or of its clock, from which a core counts as a performance core.</summary>
    const double CapacityShare = 0.5, ClockShare = 0.85;

    /// <summary>/proc/device-tree/model, for example "Raspberry Pi 4 Model B Rev 1.4".</summary>
    public required string? Board { get; init; }

    /// <summary>Processor name: the model name on x64, the core's name from its part number on arm64.</summary>
    public required string? Processor { get; init; }

    /// <summary>Feature words of /proc/cpuinfo.</summary>
    public required IReadOnlyList<string> Features { get; init; }
    public required int LogicalCores { get; init; }

    /// <summary>Cores worth a training thread: near the best core by capacity or clock, never more than this process may use.</summary>
    public required int PerformanceCores { get; init; }

    /// <summary>Highest clock in GHz; zero where unknown.</summary>
    public required double MaxClockGHz { get; init; }
    public required IReadOnlyList<HostCache> Caches { get; init; }

    /// <summary>Total memory in bytes; zero where unknown.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Reads /proc and /sys below <paramref name="root"/>; never throws.</summary>
    public static HostInfo Read(string root = "/")
    {
        int[] cores = SystemFile.Indices(root, "sys/devices/system/cpu", "cpu");
        string[] cpuinfo = SystemFile.Lines(root, "proc/cpuinfo");
        double[] capacities = Values(root, cores, "cpu_capacity");
        double[] clocks = Values(root, cores, "cpufreq/cpuinfo_max_freq");
        int performance = capacities.Length > 0 ? Near(capacities, CapacityShare) : Near(clocks, ClockShare);
        return new HostInfo
        {
            Board = SystemFile.Text(root, "proc/device-tree/model"),
            Processor = Value(cpuinfo, "model name") ?? ArmCore.Name(Value(cpuinfo, "CPU implementer"), Value(cpuinfo, "CPU part")),
            Features = (Value(cpuinfo, "Features") ?? Value(cpuinfo, "flags"))?.Split(' ') ?? [],
            LogicalCores = cores.Length > 0 ? cores.Length : Environment.ProcessorCount,
            PerformanceCores = performance > 0 ? Math.Min(performance, Environment.ProcessorCount) : Environment.ProcessorCount,
            MaxClockGHz = clocks.Length > 0 ? clocks.Max() / 1e6 : 0,
            Caches = HostCache.ReadAll(root, cores),
            MemoryBytes = ProcessMemory.Bytes(SystemFile.Lines(root, "proc/meminfo"), "MemTotal:"),
        };
    }

    static double[] Values(string root, int[] cores, string file) =>
        [.. cores
            .Select(core => SystemFile.Integer(root, $"sys/devices/system/cpu/cpu{core}/{file}"))
            .OfType<long>()
            .Select(value => (double)value)];

    static int Near(double[] values, double share) => values.Length == 0 ? 0 : values.Count(v => v >= share * values.Max());

    static string? Value(string[] lines, string name)
    {
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(name))
                return line[(colon + 1)..].Trim();
        }

        return null;
    }
}
