namespace EdgeDropBack.Cli.Json;

/// <summary>A file that a verb wrote: `edb export --json`, `edb run --json`.</summary>
sealed record FileJson(string Model, string? Store, string Output, long Bytes, string Sha256, int? Samples = null);
