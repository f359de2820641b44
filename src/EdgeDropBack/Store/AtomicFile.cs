using EdgeDropBack.Kernels;

namespace EdgeDropBack.Store;

/// <summary>
/// Replaces a file so that a power cut leaves the old or the new content, whole: temporary file in the same folder, fsync,
/// rename over the target, fsync of the folder.
/// </summary>
static class AtomicFile
{
    const int InputOutputError = 5, NoSpace = 28, ReadOnlyFileSystem = 30, QuotaExceeded = 122;

    /// <summary>Writes the file through <paramref name="content"/>; on any failure the old file stays and the temporary one goes.</summary>
    /// <param name="path">The file to replace.</param>
    /// <param name="content">Writes the new content.</param>
    /// <param name="check">Looks at the whole new content, in a file of another name, before it takes the old one's place.</param>
    /// <param name="afterStep">Told after every operation on the file system, so that tests can look at what a kill would leave.</param>
    public static void Write(string path, Action<Stream> content, Action<string>? check = null, Action<string>? afterStep = null)
    {
        string temporary = path + ".tmp";
        try
        {
            WriteThrough(temporary, content, afterStep);
            check?.Invoke(temporary);
            File.Move(temporary, path, overwrite: true);
            afterStep?.Invoke("rename");
            Flush(path);
        }
        catch (Exception failure)
        {
            Remove(temporary);
            if (Describe(path, failure) is { } described)
                throw described;
            throw;
        }
    }

    /// <summary>Makes renames and removals beside <paramref name="path"/> durable.</summary>
    internal static void Flush(string path)
    {
        int error = FolderSync.Flush(FolderOf(path));
        if (error is InputOutputError or NoSpace or QuotaExceeded)
            throw new IOException($"The folder of '{path}' could not be flushed (errno {error}).", error);
    }

    /// <summary>The error a user can act on, or null when the failure is not one of the file system.</summary>
    internal static EdbException? Describe(string path, Exception failure) => failure switch
    {
        DirectoryNotFoundException => EdbException.Refused(
            $"cannot write '{path}': the folder '{FolderOf(path)}' does not exist; create it or choose another path", failure),
        UnauthorizedAccessException => EdbException.Refused(
            $"cannot write '{path}': no permission, or the target is a folder; change its permissions or choose another path", failure),
        IOException { HResult: NoSpace or QuotaExceeded } => EdbException.Refused(
            $"cannot write '{path}': the disk is full; free some space or choose another path (the old file is untouched)", failure),
        IOException { HResult: ReadOnlyFileSystem } => EdbException.Refused(
            $"cannot write '{path}': the file system is read-only; choose a path on a writable one", failure),
        IOException => EdbException.Failed(
            $"cannot write '{path}': {failure.Message}; check the disk or choose another path", failure),
        _ => null,
    };

    static void WriteThrough(string path, Action<Stream> content, Action<string>? afterStep)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        afterStep?.Invoke("create");
        content(stream);
        stream.Flush();
        afterStep?.Invoke("write");
        stream.Flush(flushToDisk: true);
    }

    static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The failure that brought us here is the one to report.
        }
    }

    static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
}
