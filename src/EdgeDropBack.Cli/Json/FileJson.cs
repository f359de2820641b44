using System.Text.Json;
using EdgeDropBack.Files;
using EdgeDropBack.Json;

namespace EdgeDropBack.Cli.Json;

/// <summary>A file that a verb wrote: `edb export --json`, `edb run --json`.</summary>
sealed record FileJson(string Model, string? Store, string Output, long Bytes, string Sha256, int? Samples)
{
    public static void Fields(Utf8JsonWriter json, FileJson value)
    {
        json.Field("model", value.Model);
        json.Field("store", value.Store);
        json.Field("output", value.Output);
        json.Field("bytes", value.Bytes);
        json.Field("sha256", value.Sha256);
        json.Field("samples", value.Samples);
    }

    /// <param name="output">A pipe or a device has no bytes that could be read again.</param>
    public static FileJson Of(string model, string? store, string output, int? samples = null)
        => SpecialFile.IsAt(output) ? new(model, store, output, 0, "", samples)
            : new(model, store, output, new FileInfo(RealPath.OfFile(output)).Length, StoreFile.Sha256(output), samples);
}
