using EdgeDropBack.Kernels;

namespace EdgeDropBack.Files;

/// <summary>
/// Replaces a file so that a power cut leaves the old or the new content, whole: temporary file in the same folder, fsync,
/// rename over the target, fsync of the folder. The new file has the old one's mode and owner, and where the path is a link the file
/// behind it is replaced. What is no regular file (a device, a pipe) cannot be replaced and is written directly.
/// </summary>
static class AtomicFile
{
    /// <summary>The temporary file's name is the target's and this, so that the next writer recognises what a kill left behind.</summary>
    public const string TemporarySuffix = ".edb.tmp";

    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes the file through <paramref name="content"/>; on any failure the old file stays and the temporary one goes.</summary>
    /// <param name="path">The file to replace.</param>
    /// <param name="content">Writes the new content.</param>
    /// <param name="like">The file whose mode a new file takes, where that is there.</param>
    /// <param name="afterStep">Told after every operation on the file system, so that tests can look at what a kill would leave.</param>
    /// <exception cref="EdbException">Exit code 1: it cannot be written.</exception>
    public static void Write(string path, Action<Stream> content, string? like = null, Action<string>? afterStep = null)
    {
        string? temporary = null;
        try
        {
            if (SpecialFile.IsAt(path))
            {
                using var direct = SpecialFile.Open(path);
                content(direct);
                return;
            }
            string target = RealPath.OfFile(path);
            var old = FileStatus.Of(target) ?? (like is null ? null : FileStatus.Of(like));
            using (var stream = Create(path, target + TemporarySuffix, isPrivate: old is not null))
            {
                temporary = target + TemporarySuffix;
                afterStep?.Invoke("create");
                content(stream);
                stream.Flush();
                afterStep?.Invoke("write");
                stream.Flush(flushToDisk: true);
                Adopt(temporary, target, old);
            }
            afterStep?.Invoke("rename");
            Flush(target);
        }
        catch (Exception failure)
        {
            if (temporary is not null) Remove(temporary);
            if (FileErrors.Describe(path, failure) is { } described)
                throw described;
            throw;
        }
    }

    /// <summary>Gives a whole file the name of another one, which it replaces: same folder, mode and owner kept, links followed.</summary>
    public static void Replace(string complete, string path)
    {
        string target = RealPath.OfFile(path);
        Adopt(complete, target, FileStatus.Of(target));
        Flush(path);
    }

    /// <summary>Makes renames and removals beside <paramref name="path"/> durable.</summary>
    public static void Flush(string path)
    {
        int error = FolderSync.Flush(RealPath.Folder(RealPath.OfFile(path)));
        if (FileErrors.IsLoss(error))
            throw new IOException($"The folder of '{path}' could not be flushed (errno {error}).", error);
    }

    /// <summary>A new file that no link leads away from. One that is being written by another process is left alone.</summary>
    static FileStream Create(string path, string temporary, bool isPrivate)
    {
        if (new FileInfo(temporary) is { LinkTarget: null, Exists: true })
        {
            try
            {
                using var stale = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException busy) when (FileErrors.IsHeld(busy))
            {
                throw EdbException.Failed(
                    $"cannot write '{path}': another process is writing it ('{temporary}'); wait for it to end", busy);
            }
        }
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (isPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(temporary, options);
    }

    static void Adopt(string complete, string target, FileStatus? like)
    {
        if (like is { IsRegular: true } old && !OperatingSystem.IsWindows())
        {
            old.GiveOwner(complete);
            File.SetUnixFileMode(complete, old.Permissions);
        }
        File.Move(complete, target, overwrite: true);
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
}
