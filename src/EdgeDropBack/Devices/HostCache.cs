using System.Globalization;

namespace EdgeDropBack.Devices;

/// <summary>A cache as the running kernel describes it; a figure the kernel does not give is zero.</summary>
/// <param name="Level">1, 2, 3, ...</param>
/// <param name="Kind">data, instruction or unified.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Ways">Associativity.</param>
/// <param name="LineBytes">Line size.</param>
/// <param name="SharedBy">Logical cores that share it.</param>
sealed record HostCache(int Level, string Kind, long Bytes, int Ways, int LineBytes, int SharedBy)
{
    /// <summary>The distinct caches of all cores; empty where the kernel shows none (Raspberry Pi kernels before March 2024).</summary>
    internal static IReadOnlyList<HostCache> ReadAll(string root, int[] cores) =>
        [.. cores
            .SelectMany(core => SystemFile.Indices(root, $"sys/devices/system/cpu/cpu{core}/cache", "index")
                .Select(index => Read(root, $"sys/devices/system/cpu/cpu{core}/cache/index{index}")))
            .OfType<HostCache>()
            .Distinct()
            .OrderBy(cache => cache.Level)
            .ThenBy(cache => cache.Kind, StringComparer.Ordinal)];

    static HostCache? Read(string root, string folder)
    {
        long bytes = Size(SystemFile.Text(root, folder + "/size"));
        if (bytes <= 0 || SystemFile.Integer(root, folder + "/level") is not { } level)
            return null;
        return new HostCache(
            (int)level,
            SystemFile.Text(root, folder + "/type")?.ToLowerInvariant() ?? "unified",
            bytes,
            (int)(SystemFile.Integer(root, folder + "/ways_of_associativity") ?? 0),
            (int)(SystemFile.Integer(root, folder + "/coherency_line_size") ?? 0),
            ListLength(SystemFile.Text(root, folder + "/shared_cpu_list")));
    }

    static long Size(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return 0;
        long unit = text[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, _ => 1 };
        string number = text.TrimEnd('K', 'M', 'G');
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value * unit : 0;
    }

    /// <summary>Length of a kernel CPU list such as "0-3,8".</summary>
    internal static int ListLength(string? list)
    {
        int length = 0;
        foreach (string range in (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = range.Split('-');
            bool valid = int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                & int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last);
            length += valid && last >= first ? last - first + 1 : 0;
        }

        return length;
    }
}
