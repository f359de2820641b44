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

        return Folders().Select(folder => Path.Combine(folder, pathOrName + ".json")).FirstOrDefault(File.Exists)
            ?? throw EdbException.Usage($"unknown profile '{pathOrName}'{Nearest(pathOrName)}; {Choices()}");
    }

    static string Choices()
    {
        var names = Names();
        return names.Count > 0
            ? $"known profiles: {string.Join(", ", names)}"
            : $"no profiles found: put the folder {Folder} beside the executable or into the current folder";
    }

    static string Nearest(string name)
    {
        string? best = Names().MinBy(candidate => Distance(name.ToLowerInvariant(), candidate));
        return best is null ? "" : $", did you mean '{best}'?";
    }

    /// <summary>Levenshtein's edit distance.</summary>
    static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int substitution = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
