using System.Security.Cryptography;
using EdgeDropBack.Data;

namespace EdgeDropBack.Devices;

/// <summary>
/// A device as the planner and the traffic report see it: cores, caches, DRAM and energy, each figure with its source or marked as an
/// estimate. Read from <c>device-profiles/NAME.json</c>; the format is described by <c>device-profiles/profile.schema.json</c>.
/// </summary>
public sealed record DeviceProfile
{
    public required string Name { get; init; }
    public required string Title { get; init; }

    /// <summary>Beginnings of /proc/device-tree/model by which a board is recognised.</summary>
    public required IReadOnlyList<string> DeviceTreeModels { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }
    public required IReadOnlyList<string> InstructionSets { get; init; }

    /// <summary>Clusters in the file's order; empty for an accounting that has no cores (thesis-45nm).</summary>
    public required IReadOnlyList<CoreCluster> Cores { get; init; }
    public required IReadOnlyList<CacheProfile> Caches { get; init; }

    /// <summary>Null where the profile knows nothing of bandwidth.</summary>
    public required DramProfile? Dram { get; init; }
    public required EnergyProfile EnergyPerTransfer { get; init; }

    /// <summary>SHA-256 of the file's bytes, 64 lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The first 12 digits of <see cref="Hash"/>, as reports print it.</summary>
    public string ShortHash => Hash[..12];

    /// <summary>The last data cache in front of DRAM; null where the accounting has no cache.</summary>
    public CacheProfile? LastLevelCache => Caches.Where(c => c.Kind != "instruction").MaxBy(c => c.Depth);

    /// <summary>Number of performance cores.</summary>
    public int PerformanceCores => Cores.Where(c => c.Performance).Sum(c => c.Count);

    /// <summary>Whether <see cref="RooflineSeconds"/> has what it needs: cores and a measured bandwidth.</summary>
    public bool HasTiming => Cores.Count > 0 && Dram is not null;

    /// <summary>Joules for <paramref name="bytes"/> moved between chip and DRAM.</summary>
    public EnergyRange Energy(long bytes) => EnergyPerTransfer.Of(bytes);

    /// <summary>
    /// max(operations / peak, bytes / measured bandwidth) in seconds: a lower bound. The fastest <paramref name="threads"/> cores count
    /// towards the peak; the bandwidth is what one core was measured to reach, for any number of threads.
    /// Null without <see cref="HasTiming"/>.
    /// </summary>
    public double? RooflineSeconds(double flops, double bytes, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return HasTiming ? Math.Max(flops / PeakFlops(threads), bytes / Dram!.MeasuredBytesPerSecond) : null;
    }

    /// <summary>Peak float32 operations a second of the fastest <paramref name="threads"/> cores; zero where there are no cores.</summary>
    public double PeakFlops(int threads)
    {
        double peak = 0;
        foreach (var cluster in Cores.OrderByDescending(c => c.PeakFlops))
        {
            int used = Math.Min(threads, cluster.Count);
            peak += used * cluster.PeakFlops;
            threads -= used;
        }

        return peak;
    }

    const long MaxFileBytes = 1 << 20;

    /// <summary>
    /// Reads a profile by name (beside the executable, then in ./device-profiles) or by path (anything with a separator or ending
    /// in .json).
    /// </summary>
    /// <exception cref="EdbException">Unknown name (2), with the nearest and the list; unreadable file (3), by file and field.</exception>
    public static DeviceProfile Load(string pathOrName)
    {
        string path = ProfileFolder.Resolve(pathOrName);
        byte[] bytes;
        try
        {
            if (DataFile.IsWithoutLength(path))
                throw EdbException.Refused($"profile {path}: is empty or not a regular file; give a profile's name or file");
            if (new FileInfo(path) is { Exists: true, Length: > MaxFileBytes } file)
                throw EdbException.Refused($"profile {path}: {file.Length} bytes, expected at most {MaxFileBytes}; give a profile's name or file");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdbException.Refused($"profile {path}: cannot be read; check the path and its permissions", e);
        }

        return DeviceProfileReader.Read(bytes, path);
    }

    /// <summary>The shipped profile of the board whose /proc/device-tree/model is <paramref name="deviceTreeModel"/>, or null.</summary>
    public static DeviceProfile? ForBoard(string deviceTreeModel) =>
        ProfileFolder.Names()
            .Select(Load)
            .FirstOrDefault(p => p.DeviceTreeModels.Any(m => deviceTreeModel.StartsWith(m, StringComparison.Ordinal)));

    internal static string HashOf(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file));
}
