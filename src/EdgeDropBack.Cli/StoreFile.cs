using System.Globalization;
using System.Security.Cryptography;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Data;
using EdgeDropBack.Store;

namespace EdgeDropBack.Cli;

/// <summary>Stores as the command line names them.</summary>
static class StoreFile
{
    /// <summary>The path that was given, or the only store in the folder.</summary>
    /// <exception cref="EdbException">Exit code 2: none was given, and the folder has none or several.</exception>
    public static string Find(string? given, string folder = ".")
    {
        if (given is not null) return given;
        var found = Directory.GetFiles(folder, "*.edb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToArray();
        return found switch
        {
            [var only] => only,
            [] => throw EdbException.Usage("no STORE given, and the current folder has no .edb file; "
                + "give a path, or make one with 'edb personalize'"),
            _ => throw EdbException.Usage($"no STORE given, and the current folder has {found.Length} "
                + $"({string.Join(", ", found.Take(5))}); name one of them"),
        };
    }

    public static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Class names kept beside a store; null where there are none.</summary>
    public static IReadOnlyList<string>? ClassNames(string? store)
        => store is not null && new Generations(store).Open().Generation.SidecarPath is { } path ? Sidecar.Read(path).ClassNames : null;

    public static StoreListJson List(string path, IReadOnlyList<GenerationCheck> checks)
        => new(path, [.. checks.Select(check => new GenerationJson(
        check.Generation.Number, check.Generation.Path, check.Generation.Bytes, check.Generation.SidecarPath, check.Store?.Tracked.Count,
        check.Store?.Meta.Step, Share(check.Store, "userBefore"), Share(check.Store, "userAfter"), Share(check.Store, "retainAfter"),
        check.Error?.Message))]);

    /// <summary>An accuracy that the store notes.</summary>
    static double? Share(SparseStore? store, string name)
        => double.TryParse(store?.Meta.Note(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? share : null;
}
