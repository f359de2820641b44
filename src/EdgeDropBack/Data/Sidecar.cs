using System.Text.Json;
using EdgeDropBack.Files;
using EdgeDropBack.Json;

namespace EdgeDropBack.Data;

/// <summary>
/// What eval and run need beside a store, as JSON in <c>STORE.json</c>: class names in output order, preprocessing, the model's hash.
/// </summary>
sealed record Sidecar
{
    public const int CurrentVersion = 1;

    public int FormatVersion { get; init; } = CurrentVersion;

    /// <summary>SHA-256 of the ONNX file, lower-case hexadecimal.</summary>
    public required string ModelHash { get; init; }

    public IReadOnlyList<string>? ClassNames { get; init; }
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Where a store's sidecar is.</summary>
    public static string PathFor(string storePath) => storePath + ".json";

    /// <summary>Replaces the file atomically.</summary>
    /// <param name="like">The file whose mode a new sidecar takes.</param>
    public void Save(string path, string? like = null) =>
        AtomicFile.Write(path, stream => JsonFields.Write(stream, this, SidecarJson.Fields, indented: true), like);

    /// <summary>Reads a sidecar; a newer format is refused with both versions.</summary>
    public static Sidecar Read(string path)
    {
        var name = Printable.Name(path);
        using var stream = DataFile.Open(path);
        if (stream.Length > DataLimits.MaxSidecarBytes)
            throw EdbException.Refused($"{name}: {stream.Length} bytes, a sidecar has at most {DataLimits.MaxSidecarBytes}; check the "
                + "path");
        var bytes = new byte[stream.Length];
        BoundedReader.Fill(stream, bytes, path, "the file");
        try
        {
            var sidecar = JsonReading.Root(bytes, root =>
            {
                CheckVersion(root, name);
                return SidecarJson.Read(root);
            });
            sidecar.Preprocessing.Check();
            return sidecar;
        }
        catch (JsonException e)
        {
            throw Damaged(name, e.Message, e);
        }
        catch (EdbException e) when (e.ExitCode == 2)
        {
            throw Damaged(name, e.Message, e);
        }
    }

    static void CheckVersion(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("formatVersion", out var field) || field.ValueKind != JsonValueKind.Number || !field.TryGetInt32(out var version) || version < 1)
            throw Damaged(name, "no formatVersion", null);
        if (version > CurrentVersion)
            throw EdbException.Refused($"{name}: format version {version}, this program reads up to {CurrentVersion}; use a newer edb");
    }

    static EdbException Damaged(string name, string reason, Exception? inner) => EdbException.Refused(
        $"{name}: not a readable sidecar ({Printable.Name(reason)}); delete it and pass --labels and --size again", inner);
}
