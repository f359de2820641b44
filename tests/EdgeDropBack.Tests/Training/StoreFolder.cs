using System.Security.Cryptography;

namespace EdgeDropBack.Tests.Training;

/// <summary>What lies in a folder, to see whether anything changed.</summary>
static class StoreFolder
{
    public static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>Names and hashes; lock files are left out, since they may come and hold nothing.</summary>
    public static string[] Listing(string folder)
        => [.. Directory.GetFiles(folder).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(f => $"{Path.GetFileName(f)} {Sha256(f)}")];

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from, "user.edb*"))
            if (!file.EndsWith(".lock", StringComparison.Ordinal)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }
}
