using EdgeDropBack.Kernels;

namespace EdgeDropBack.Files;

/// <summary>A file and what a command does with it.</summary>
/// <param name="Name">The option or argument that it comes from.</param>
/// <param name="Given">What the user gave there.</param>
/// <param name="Path">The file: that, or one that comes with it.</param>
/// <param name="Identity">Equal for two paths of one file, whether it is there or not.</param>
sealed record FileRole(string Name, string Given, string Path, object Identity)
{
    /// <summary>The name of an input that this output may be.</summary>
    public string? MayRead { get; init; }

    /// <summary>Whether the file can be written is found out when it is.</summary>
    public bool MayBeReadOnly { get; init; }

    /// <summary>A device, a pipe or an open stream, which writing does not replace.</summary>
    public bool IsSpecial => FileStatus.Of(Path) is { IsRegular: false, IsFolder: false };

    public static FileRole Of(string name, string given, string path) => new(name, given, path, IdentityOf(path));

    /// <summary>Whether an output may be a file that is known already: what a store goes on from becomes its previous generation.</summary>
    public bool MayBe(FileRole other) => (other.Name, other.Given) == (Name, Given) || other.Name == MayRead;

    /// <exception cref="EdbException">Exit code 2: it is a folder, or there is no folder for it; 1: that cannot be written.</exception>
    public void CheckPlace()
    {
        if (SpecialFile.IsAt(Path)) return;
        if (Directory.Exists(Path)) throw EdbException.Usage($"{Name} '{Given}': '{Path}' is a folder; name a file");
        var folder = RealPath.Folder(RealPath.OfFile(Path));
        if (!Directory.Exists(folder))
            throw EdbException.Usage($"{Name} '{Given}': the folder '{folder}' does not exist; create it or choose another path");
        if (FileStatus.WhyFolderIsNotWritable(folder) is not 0 and var error)
            throw FileErrors.Describe(Given, new IOException($"errno {error}", error))!;
    }

    /// <summary>A file that is there is known by its number on its device; one that is not, by the folder that it would be in.</summary>
    static object IdentityOf(string path)
    {
        if (FileStatus.Of(path) is { } status) return (status.Device, status.Inode);
        if (RealPath.Of(path) is not { } real) return path;
        return System.IO.Path.GetDirectoryName(real) is { } folder && FileStatus.Of(folder) is { } at
            ? (at.Device, at.Inode, System.IO.Path.GetFileName(real)) : real;
    }
}
