using System.Security.Cryptography;
using EdgeDropBack.Data;
using EdgeDropBack.Files;
using EdgeDropBack.Store;

namespace EdgeDropBack.DeviceLink;

/// <summary>The one folder that an agent reads and writes, by plain names. Links are not followed, and nothing hidden is served.</summary>
sealed class AgentFolder
{
    const int MaxName = 128;
    const string PartSuffix = ".part", StoreSuffix = ".edb", SidecarSuffix = ".edb.json";

    readonly AgentLimits _limits;

    /// <param name="path">Made where it is missing.</param>
    /// <exception cref="EdbException">Exit code 3: it cannot be made.</exception>
    public AgentFolder(string path, AgentLimits limits)
    {
        (Path, _limits) = (System.IO.Path.GetFullPath(path), limits);
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdbException.Refused($"the agent's folder '{path}' cannot be made: {e.Message}; choose another --dir", e);
        }
    }

    public string Path { get; }

    /// <summary>The files of a folder that hosts may replace.</summary>
    public static IEnumerable<string> FilesIn(string folder) => Directory.EnumerateFiles(folder);

    public AgentLimits Limits => _limits;

    /// <summary>Where a file of this name is, or would be.</summary>
    /// <exception cref="EdbException">Exit code 3: no plain name.</exception>
    public string At(string name)
    {
        var problem = name.Length is 0 or > MaxName ? $"it has {name.Length} characters, 1 to {MaxName} are taken"
            : name.AsSpan().IndexOfAny("/\\:") >= 0 ? "it has a separator"
            : name[0] == '.' ? "it begins with a dot"
            : name.Contains("..", StringComparison.Ordinal) ? "it has two dots"
            : name != Printable.Name(name) ? "it has control characters"
            : null;
        if (problem is not null)
            throw EdbException.Refused($"'{Printable.Name(name)}' is no file name for the agent: {problem}; give a plain name");
        return System.IO.Path.Combine(Path, name);
    }

    /// <summary>A file that is there.</summary>
    /// <exception cref="EdbException">Exit code 3: there is none, or it is a link or a folder.</exception>
    public string Existing(string name)
    {
        var path = At(name);
        if (!IsServed(new FileInfo(path)))
            throw EdbException.Refused($"the agent has no file '{Printable.Name(name)}'; see 'edb device status'");
        return path;
    }

    /// <summary>Name, size and time of every file that is served, by name.</summary>
    public List<FileInfo> Files()
    {
        var files = new List<FileInfo>();
        foreach (var file in new DirectoryInfo(Path).EnumerateFiles())
            if (IsServed(file)) files.Add(file);
        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return files;
    }

    /// <summary>Finishes exchanges of stores that a power cut ended, so that every store has its name.</summary>
    /// <exception cref="EdbException">Exit code 3: the folder cannot be written, or a store is in use.</exception>
    public void Recover()
    {
        foreach (var pending in Directory.GetFiles(Path, "*" + StoreSuffix + ".new"))
        {
            var store = pending[..^".new".Length];
            Guarded(store, () =>
            {
                using var @lock = StoreLock.Acquire(store);
                new Generations(store).Recover();
                return true;
            });
        }
    }

    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Whether exactly this file is there, so that it need not be sent.</summary>
    public bool Has(string name, long size, byte[] sha256)
    {
        var file = new FileInfo(At(name));
        return IsServed(file) && file.Length == size && Hash(file.FullName).AsSpan().SequenceEqual(sha256);
    }

    /// <summary>Opens the unfinished copy of a file that is pushed, where an earlier transfer ended.</summary>
    /// <param name="sha256">Of the whole file.</param>
    public FilePart BeginPush(string name, long size, byte[] sha256)
    {
        var target = Writable(name);
        if (size > _limits.FileBytes || size < 0)
            throw EdbException.Refused($"'{name}' has {size} bytes, the agent takes {_limits.FileBytes}; start it with a larger --max-file");
        var part = System.IO.Path.Combine(Path, $".{name}.{Convert.ToHexStringLower(sha256.AsSpan(0, 8))}{PartSuffix}");
        foreach (var file in new DirectoryInfo(Path).GetFiles())
            if (file.FullName != part && file.Name.StartsWith($".{name}.", StringComparison.Ordinal) && file.Name.EndsWith(PartSuffix, StringComparison.Ordinal))
                file.Delete();
        RequireRoom(name, size, file => file.FullName == part || file.FullName == target);
        return Guarded(target, () =>
        {
            var (opened, free) = (FilePart.Open(part, size, sha256), FreeBytes);
            if (size - opened.Length <= free) return opened;
            opened.Discard();
            throw EdbException.Failed($"the agent's disk is full: it has {free} bytes left and '{name}' needs {size}; free some space there");
        });
    }

    /// <summary>A training may end in a store of this name: it is there already, or the folder is not at its limits.</summary>
    public void RequireRoomForStore(string name) => RequireRoom(name, 0, file => file.Name.StartsWith(name, StringComparison.Ordinal));

    void RequireRoom(string name, long size, Predicate<FileInfo> isReplaced)
    {
        var (count, bytes) = (0, 0L);
        foreach (var file in new DirectoryInfo(Path).EnumerateFiles())
            if (!isReplaced(file)) (count, bytes) = (count + 1, bytes + file.Length);
        if (count >= _limits.Files)
            throw EdbException.Refused($"the agent's folder holds {count} files, its limit is {_limits.Files}; remove some there, or start it "
                + "with a larger --max-files");
        if (bytes + size > _limits.FolderBytes)
            throw EdbException.Refused($"the agent's folder holds {bytes} bytes and '{name}' has {size}, its limit is {_limits.FolderBytes}; "
                + "remove some there, or start it with a larger --max-disk");
    }

    /// <summary>Checks a part and gives it its name; a store becomes the newest generation instead.</summary>
    /// <exception cref="EdbException">Its bytes are not those announced (exit code 1), or a store's are none (3); the part is removed, the old file stays.</exception>
    public void EndPush(string name, FilePart part)
    {
        var target = Writable(name);
        Guarded(target, () =>
        {
            part.Finish();
            if (name.EndsWith(StoreSuffix, StringComparison.Ordinal))
            {
                using var @lock = StoreLock.Acquire(target);
                new Generations(target).Accept(Store(part.Path));
                File.Delete(part.Path);
                return true;
            }
            AtomicFile.Replace(part.Path, target);
            return true;
        });
    }

    /// <summary>Turns failures of the file system into errors that name the file and the way out.</summary>
    public static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is not LinkLostException && FileErrors.Describe(System.IO.Path.GetFileName(path), e) is { } described)
        {
            throw described;
        }
    }

    static SparseStore Store(string part)
    {
        try
        {
            return SparseStore.Open(part);
        }
        catch (EdbException)
        {
            File.Delete(part);
            throw;
        }
    }

    static byte[] Hash(string path)
    {
        using var file = File.OpenRead(path);
        return SHA256.HashData(file);
    }

    /// <summary>Where a file may be written. Files that belong to a store's generations are made by training alone.</summary>
    public string Writable(string name)
    {
        var path = At(name);
        if (name.Contains(StoreSuffix + ".", StringComparison.Ordinal) && !name.EndsWith(SidecarSuffix, StringComparison.Ordinal)
            || name.EndsWith(".tmp", StringComparison.Ordinal))
            throw EdbException.Refused($"'{Printable.Name(name)}' is a name that the agent keeps for itself; push it under another one");
        if (Directory.Exists(path)) throw EdbException.Refused($"'{name}' is a folder on the agent; push it under another name");
        if (new FileInfo(path).LinkTarget is not null) throw EdbException.Refused($"'{name}' is a link on the agent, which it does not follow; push it under another name");
        return path;
    }

    /// <summary>Where a training writes a file beside its store: over nothing that a host pushed or a training learned.</summary>
    /// <param name="isOfItsKind">Whether the file that is there is an earlier one of the same kind, which may go.</param>
    /// <exception cref="EdbException">Exit code 2: another file is there.</exception>
    public string Replaceable(string name, Predicate<string> isOfItsKind)
    {
        var path = Writable(name);
        return !File.Exists(path) || isOfItsKind(path) ? path
            : throw EdbException.Usage($"'{Printable.Name(name)}' is a file on the agent, which would be lost; give a name that is not there");
    }

    static bool IsServed(FileInfo file) => file.Exists && file.LinkTarget is null && file.Name[0] != '.'
        && (file.Attributes & (FileAttributes.Directory | FileAttributes.ReparsePoint | FileAttributes.Device)) == 0;
}
