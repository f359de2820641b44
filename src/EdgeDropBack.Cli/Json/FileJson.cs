namespace EdgeDropBack.Cli.Json;

/// <summary>A file that a verb wrote: `edb export --json`, `edb run --json`.</summary>
sealed record FileJson(string Model, string? Store, string Output, long Bytes, string Sha256, int? Samples)
{
    public static FileJson Of(string model, string? store, string output, int? samples = null)
        => new(model, store, output, new FileInfo(output).Length, StoreFile.Sha256(output), samples);
}
