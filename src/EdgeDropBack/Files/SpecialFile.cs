using EdgeDropBack.Kernels;
using Microsoft.Win32.SafeHandles;

namespace EdgeDropBack.Files;

/// <summary>Outputs that are no regular files, and those that name a stream this process has open, such as /dev/stdout.</summary>
static class SpecialFile
{
    const string Descriptors = "/fd/";

    /// <summary>Whether a path names a device, a pipe, a socket or an open stream.</summary>
    public static bool IsAt(string path) => Descriptor(path) is not null || FileStatus.Of(path) is { IsRegular: false, IsFolder: false };

    public static Stream Open(string path) => Descriptor(path) switch
    {
        null => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite),
        1 => Console.OpenStandardOutput(),
        2 => Console.OpenStandardError(),
        { } descriptor => new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write),
    };

    /// <summary>The number of the open stream that a path such as /proc/self/fd/1 names.</summary>
    static int? Descriptor(string path)
    {
        if (!OperatingSystem.IsLinux() || RealPath.Of(path) is not { } real) return null;
        foreach (var process in (ReadOnlySpan<string>)["self", "thread-self", $"{Environment.ProcessId}"])
        {
            var prefix = $"/proc/{process}{Descriptors}";
            if (!real.StartsWith(prefix, StringComparison.Ordinal)) continue;
            if (int.TryParse(real.AsSpan(prefix.Length), out var descriptor)) return descriptor;
        }
        return null;
    }
}
