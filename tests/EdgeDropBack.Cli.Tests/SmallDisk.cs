using System.Diagnostics;

namespace EdgeDropBack.Cli.Tests;

/// <summary>A file system of 24 KB of its own, which can be filled and made read-only.</summary>
sealed class SmallDisk : IDisposable
{
    readonly string _path = Directory.CreateTempSubdirectory("edb-disk-").FullName;

    SmallDisk()
    {
    }

    public string this[string name] => Path.Combine(_path, name);

    /// <summary>Null where none can be mounted.</summary>
    public static SmallDisk? Mount()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return null;
        var disk = new SmallDisk();
        if (Run("mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", disk._path)) return disk;
        Directory.Delete(disk._path);
        return null;
    }

    /// <summary>Leaves no room.</summary>
    public void Fill()
    {
        try
        {
            using var file = new FileStream(this["filler"], FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true) file.Write(new byte[1024]);
        }
        catch (IOException)
        {
            // That was all the room.
        }
    }

    /// <summary>Takes no write from now on, as after an error of the device: files that are open for writing do not prevent it.</summary>
    public void MakeReadOnly()
    {
        Assert.True(Run("mount", "--bind", _path, _path));
        Assert.True(Run("mount", "-o", "remount,bind,ro", _path));
    }

    /// <summary>Every name with its length and content.</summary>
    public string Snapshot() => string.Join('\n', Directory.GetFiles(_path).Order(StringComparer.Ordinal)
        .Select(path => $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}"));

    public void Dispose()
    {
        while (Run("umount", "-l", _path))
        {
            // A read-only disk is mounted over itself.
        }
        Directory.Delete(_path, recursive: true);
    }

    static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
