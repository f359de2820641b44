namespace EdgeDropBack.Files;

/// <summary>
/// The files that a command reads and those that it writes. Declared and checked before any work: an output that is an input, or another
/// output, under whatever name, would destroy it. Devices and pipes are never in the way of each other.
/// </summary>
sealed class FileRoles
{
    /// <summary>Samples lie one folder down; links to folders may go in circles.</summary>
    static readonly EnumerationOptions s_all = new() { RecurseSubdirectories = true, MaxRecursionDepth = 4, AttributesToSkip = 0 };

    readonly List<FileRole> _inputs = [], _outputs = [];
    readonly List<(string Name, string Path)> _folders = [];

    /// <param name="name">What errors call it, such as <c>--data</c>.</param>
    /// <param name="path">A file, or a folder with all the files in it; null where the option is not given.</param>
    /// <param name="more">Files that are read with it, such as a model's external data.</param>
    public FileRoles Reads(string name, string? path, params IEnumerable<string> more)
    {
        if (path is null) return this;
        _inputs.Add(FileRole.Of(name, path, path));
        if (Directory.Exists(path)) more = more.Concat(Directory.EnumerateFiles(path, "*", s_all));
        foreach (var file in more) _inputs.Add(FileRole.Of(name, path, file));
        return this;
    }

    /// <param name="name">What errors call it, such as <c>--report</c>.</param>
    /// <param name="path">The file; null where the option is not given.</param>
    /// <param name="more">Files that are written with it.</param>
    public FileRoles Writes(string name, string? path, params IEnumerable<string> more)
    {
        if (path is null) return this;
        foreach (var file in more.Prepend(path)) AddOutput(name, path, file, null);
        return this;
    }

    /// <summary>Generations of a store, and the files that changing them takes.</summary>
    /// <param name="mayRead">The input that may be one of the generations: it is kept as a previous one.</param>
    public FileRoles WritesGenerations(string name, string path, IEnumerable<string> generations, IEnumerable<string> others, string mayRead)
    {
        foreach (var file in generations) AddOutput(name, path, file, mayRead);
        foreach (var file in others) AddOutput(name, path, file, null);
        return this;
    }

    /// <summary>A folder that files of this command's choice are written to.</summary>
    /// <param name="files">Those of its present files that may go.</param>
    /// <param name="mayBeReadOnly">The command is of use too where it cannot write there.</param>
    public FileRoles WritesFolder(string name, string? path, Func<string, IEnumerable<string>> files, bool mayBeReadOnly = false)
    {
        if (path is null) return this;
        _folders.Add((name, path));
        if (Directory.Exists(path)) foreach (var file in files(path)) _outputs.Add(FileRole.Of(name, path, file) with { MayBeReadOnly = mayBeReadOnly });
        return this;
    }

    /// <summary>Refuses an output that would destroy something, or that has nowhere to be.</summary>
    /// <exception cref="EdbException">
    /// Exit code 2: it is an input, another output or a folder, or its folder is not there; 1: its folder cannot be written.
    /// </exception>
    public FileRoles Check()
    {
        var seen = new Dictionary<object, FileRole>();
        foreach (var input in _inputs) seen.TryAdd(input.Identity, input);
        foreach (var output in _outputs)
        {
            if (output.IsSpecial) continue;
            if (seen.TryGetValue(output.Identity, out var other) && !output.MayBe(other)) throw Same(output, other);
            seen[output.Identity] = output;
        }
        foreach (var (name, path) in _folders) CheckFolder(name, path);
        foreach (var output in _outputs.Where(output => !output.MayBeReadOnly)) output.CheckPlace();
        return this;
    }

    /// <summary>Refuses to replace a file that stands there, unless the user asked for that.</summary>
    /// <exception cref="EdbException">Exit code 2.</exception>
    public static void RequireNew(string name, string path, bool mayReplace)
    {
        if (!mayReplace && File.Exists(path) && !SpecialFile.IsAt(path))
            throw EdbException.Usage($"{name} '{path}' is there already; choose another name, or give --overwrite to replace it");
    }

    void AddOutput(string name, string given, string file, string? mayRead)
    {
        _outputs.Add(FileRole.Of(name, given, file) with { MayRead = mayRead });
        if (SpecialFile.IsAt(file)) return;
        _outputs.Add(FileRole.Of(name, given, RealPath.OfFile(file) + AtomicFile.TemporarySuffix) with { MayRead = mayRead });
    }

    void CheckFolder(string name, string path)
    {
        if (File.Exists(path)) throw EdbException.Usage($"{name} '{path}' is a file, and a folder is needed; choose another path");
        var itself = FileRole.Of(name, path, path);
        if (_outputs.FirstOrDefault(output => output.Identity.Equals(itself.Identity)) is { } same) throw Same(same, itself);
        var folder = (RealPath.Of(path) ?? path).TrimEnd('/') + '/';
        foreach (var input in _inputs)
        {
            var read = RealPath.Of(input.Path) ?? input.Path;
            if (Directory.Exists(read) && folder.StartsWith(read.TrimEnd('/') + '/', StringComparison.Ordinal))
                throw EdbException.Usage(
                    $"{name} '{path}' is in the folder '{input.Given}' that {input.Name} reads; choose another folder");
        }
    }

    static EdbException Same(FileRole output, FileRole other)
    {
        var what = $"{output.Name} '{output.Given}'" + (output.Path == output.Given ? "" : $", which also writes '{output.Path}',");
        var which = other.Path == other.Given ? "" : $" ('{other.Path}')";
        return EdbException.Usage($"{what} would replace {other.Name} '{other.Given}'{which}; choose another path");
    }
}
