using System.Globalization;

namespace EdgeDropBack.Devices;

/// <summary>Files under /proc and /sys that may be absent, unreadable or malformed on a given kernel: never throws.</summary>
static class SystemFile
{
    public static string? Text(string root, string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path)).Trim('\0', '\n', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    public static string[] Lines(string root, string path) => Text(root, path)?.Split('\n') ?? [];

    public static long? Integer(string root, string path) =>
        long.TryParse(Text(root, path), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    /// <summary>Numbers n of the folders NAMEn below a folder, sorted.</summary>
    public static int[] Indices(string root, string folder, string name)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path.Combine(root, folder), name + "*")
                .Select(path => Path.GetFileName(path)[name.Length..])
                .Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : -1)
                .Where(n => n >= 0)
                .Order()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
