using EdgeDropBack.Data;

namespace EdgeDropBack.Devices;

/// <summary>Where profiles are found by name: <c>device-profiles</c> beside the executable, then in the current folder.</summary>
static class ProfileFolder
{
    const string Folder = "device-profiles";

    static IEnumerable<string> Folders() =>
        new[] { Path.Combine(AppContext.BaseDirectory, Folder), Path.Combine(Environment.CurrentDirectory, Folder) }
            .Distinct(StringComparer.Ordinal)
            .Where(Directory.Exists);

    /// <summary>Names of all profiles that can be loaded by name, sorted.</summary>
    public static IReadOnlyList<string> Names() =>
        [.. Folders()
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json"))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => !name.EndsWith(".schema", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    /// <summary>The file behind a name or path.</summary>
    internal static string Resolve(string pathOrName)
    {
        bool isPath = pathOrName.Contains('/') || pathOrName.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (isPath)
            return File.Exists(pathOrName) ? pathOrName : throw EdbException.Usage($"profile {pathOrName}: no such file; {Choices()}");

        return Folders().Select(folder => Path.Combine(folder, pathOrName + ".json")).Append(pathOrName).FirstOrDefault(File.Exists)
            ?? throw EdbException.Usage($"unknown profile '{pathOrName}'{NearestNames.DidYouMean(pathOrName, Names())}; {Choices()}");
    }

    static string Choices()
    {
        var names = Names();
        return names.Count > 0
            ? $"known profiles: {string.Join(", ", names)}"
            : $"no profiles found: put the folder {Folder} beside the executable or into the current folder";
    }
}
