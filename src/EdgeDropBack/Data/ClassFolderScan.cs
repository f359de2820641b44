namespace EdgeDropBack.Data;

/// <summary>The files of one kind in each class folder, in ordinal order of their paths.</summary>
sealed class ClassFolderScan
{
    readonly string _root, _kind;
    readonly Predicate<string> _isSupported;

    ClassFolderScan(string root, Predicate<string> isSupported, string kind) => (_root, _isSupported, _kind) = (root, isSupported, kind);

    /// <summary>Class folders in ordinal order, with the paths of their files.</summary>
    internal List<(string Class, List<string> Files)> Classes { get; } = [];

    /// <summary>Files of other kinds, and folders that were not entered.</summary>
    readonly List<string> _ignored = [];

    internal int FileCount { get; private set; }

    /// <summary>
    /// Names starting with a dot are left out. A class folder may be a symbolic link; links to folders below it are not followed.
    /// </summary>
    internal static ClassFolderScan Scan(string root, Predicate<string> isSupported, string kind)
    {
        var scan = new ClassFolderScan(root, isSupported, kind);
        var name = Printable.Name(root);
        try
        {
            string[] loose = [.. Sorted(Directory.GetFiles(root)).Where(file => isSupported(file))];
            foreach (var folder in Sorted(Directory.GetDirectories(root)))
            {
                var files = new List<string>();
                scan.Collect(folder, 0, files);
                scan.Classes.Add((Path.GetFileName(folder), files));
            }
            if (scan.Classes.Count == 0)
                throw EdbException.Refused(loose.Length > 0
                    ? $"{name}: {loose.Length} {kind} but no class folders; put each class's {kind} into a subfolder named after the class"
                    : $"{name}: neither class folders with {kind} nor a known data file; expected one subfolder a class, x.npy and "
                    + "y.npy, or IDX files");
            scan._ignored.InsertRange(0, loose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFile.Unreadable(root, e);
        }
        return scan;
    }

    /// <summary>What was ignored, with the first names; nothing where all was used.</summary>
    internal IEnumerable<string> IgnoredNote()
    {
        if (_ignored.Count == 0) yield break;
        yield return $"{Printable.Name(_root)}: {_ignored.Count} files or folders that are no {_kind} of a class were ignored "
            + $"({Printable.List(_ignored.ConvertAll(path => Path.GetRelativePath(_root, path)))})";
    }

    void Collect(string folder, int depth, List<string> files)
    {
        foreach (var file in Sorted(Directory.GetFiles(folder)))
        {
            if (!_isSupported(file))
            {
                _ignored.Add(file);
                continue;
            }
            if (++FileCount > DataLimits.MaxFolderFiles)
                throw EdbException.Refused($"{Printable.Name(_root)}: more than {DataLimits.MaxFolderFiles} {_kind}; use fewer");
            files.Add(file);
        }
        foreach (var inner in Sorted(Directory.GetDirectories(folder)))
            if (depth == DataLimits.MaxFolderDepth || new DirectoryInfo(inner).LinkTarget is not null)
                _ignored.Add(inner);
            else
                Collect(inner, depth + 1, files);
    }

    static string[] Sorted(string[] paths)
    {
        var visible = Array.FindAll(paths, path => !Path.GetFileName(path).StartsWith('.'));
        Array.Sort(visible, StringComparer.Ordinal);
        return visible;
    }
}
