namespace EdgeDropBack.Data;

/// <summary>The files that are read with the one that <c>--data</c> names.</summary>
static class DataFiles
{
    /// <summary>The other half of a pair of .npy or IDX files, whether or not it is there; nothing for other data.</summary>
    public static IEnumerable<string> With(string? path)
    {
        if (path is null || Directory.Exists(path)) return [];
        if (!File.Exists(path)) return [path + "-x.npy", path + "-y.npy"];
        if (path.EndsWith("x.npy", StringComparison.Ordinal) || path.EndsWith("y.npy", StringComparison.Ordinal))
            return [path[..^"x.npy".Length] + "x.npy", path[..^"y.npy".Length] + "y.npy"];
        return [.. Partners(path, "images", "labels"), .. Partners(path, "labels", "images")];
    }

    /// <summary>IDX files that begin with the same name and have the other word.</summary>
    static string[] Partners(string path, string word, string other)
    {
        var name = Path.GetFileName(path);
        var at = name.IndexOf(word, StringComparison.Ordinal);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return at < 0 ? [] : Directory.GetFiles(folder, name[..at] + other + "*");
    }
}
