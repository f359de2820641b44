using System.Globalization;

namespace EdgeDropBack.Devices;

/// <summary>Resident memory of this process in bytes, from /proc/self/status; zero where the system does not say.</summary>
/// <param name="Anonymous">RssAnon: memory that is the process's own, what the plan predicts.</param>
/// <param name="FileMapped">RssFile: mapped pages of files, the model among them; the kernel can drop them.</param>
/// <param name="Resident">VmRSS: both, and shared memory.</param>
/// <param name="PeakResident">VmHWM: the highest VmRSS so far.</param>
readonly record struct ProcessMemory(long Anonymous, long FileMapped, long Resident, long PeakResident)
{
    /// <summary>Reads the present figures; allocates, so not within a training step.</summary>
    public static ProcessMemory Read(string root = "/")
    {
        string[] lines = SystemFile.Lines(root, "proc/self/status");
        return new ProcessMemory(Bytes(lines, "RssAnon:"), Bytes(lines, "RssFile:"), Bytes(lines, "VmRSS:"), Bytes(lines, "VmHWM:"));
    }

    /// <summary>The value in bytes of a "Name:   123 kB" line of /proc/self/status or /proc/meminfo.</summary>
    internal static long Bytes(string[] lines, string name)
    {
        foreach (string line in lines)
        {
            if (!line.StartsWith(name, StringComparison.Ordinal))
                continue;
            string number = line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
            return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes * 1024 : 0;
        }

        return 0;
    }
}
