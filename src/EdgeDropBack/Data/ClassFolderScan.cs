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
    internal int Ignored { get; private set; }

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
            var loose = Sorted(Directory.GetFiles(root)).Count(file => isSupported(file));
            foreach (var folder in Sorted(Directory.GetDirectories(root)))
            {
                var files = new List<string>();
                scan.Collect(folder, 0, files);
                scan.Classes.Add((Path.GetFileName(folder), files));
            }
            if (scan.Classes.Count == 0)
                throw EdbException.Refused(loose > 0
                    ? $"{name}: {loose} {kind} but no class folders; put each class's {kind} into a subfolder named after the class"
                    : $"{name}: neither class folders with {kind} nor a known data file; expected one subfolder a class, x.npy and "
                    + "y.npy, or IDX files");
            scan.Ignored += loose;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFile.Unreadable(root, e);
        }
        return scan;
    }

    void Collect(string folder, int depth, List<string> files)
    {
        foreach (var file in Sorted(Directory.GetFiles(folder)))
        {
            if (!_isSupported(file))
            {
                Ignored++;
                continue;
            }
            if (++FileCount > DataLimits.MaxFolderFiles)
                throw EdbException.Refused($"{Printable.Name(_root)}: more than {DataLimits.MaxFolderFiles} {_kind}; use fewer");
            files.Add(file);
        }
        foreach (var inner in Sorted(Directory.GetDirectories(folder)))
            if (depth == DataLimits.MaxFolderDepth || new DirectoryInfo(inner).LinkTarget is not null)
                Ignored++;
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
