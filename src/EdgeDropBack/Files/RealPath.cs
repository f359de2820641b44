namespace EdgeDropBack.Files;

/// <summary>Paths with their links followed, whether or not anything is at their end.</summary>
static class RealPath
{
    const int MaxLinks = 40;
    const string Processes = "/proc/";

    /// <summary>The path with every link in it followed; null where the links go in a circle.</summary>
    /// <remarks>Links under /proc are left alone: what they name is no path.</remarks>
    public static string? Of(string path)
    {
        path = Path.IsPathRooted(path) ? path : Path.Combine(Environment.CurrentDirectory, path);
        var todo = new Stack<string>(Parts(path).Reverse());
        var root = Path.GetPathRoot(path)!;
        var (real, links) = (root, 0);
        while (todo.TryPop(out var part))
        {
            if (part is "" or ".") continue;
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? root;
                continue;
            }
            var next = Path.Combine(real, part);
            if (LinkTarget(next) is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MaxLinks) return null;
            if (Path.IsPathRooted(target)) real = Path.GetPathRoot(target)!;
            foreach (var piece in Parts(target).Reverse()) todo.Push(piece);
        }
        return real;
    }

    /// <summary>The file that a path names: the path itself, or what it links to in the end.</summary>
    public static string OfFile(string path) => LinkTarget(path) is null ? path : Of(path) ?? path;

    /// <summary>The folder that a file of this path is in.</summary>
    public static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    static string? LinkTarget(string path) => path.StartsWith(Processes, StringComparison.Ordinal) ? null : new FileInfo(path).LinkTarget;

    static IEnumerable<string> Parts(string path) =>
        path[(Path.GetPathRoot(path)?.Length ?? 0)..].Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
}
