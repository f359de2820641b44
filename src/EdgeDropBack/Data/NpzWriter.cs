using System.IO.Compression;
using EdgeDropBack.Files;

namespace EdgeDropBack.Data;

/// <summary>
/// Writes .npz as numpy.savez does. Time stamps are fixed, so the same arrays give the same bytes (deflated: per zlib build).
/// </summary>
static class NpzWriter
{
    static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Replaces the file atomically.</summary>
    public static void Write(string path, IEnumerable<(string Name, NpyArray Array)> arrays, bool deflate = false) =>
        AtomicFile.Write(path, stream => Write(stream, arrays, deflate));

    public static void Write(Stream stream, IEnumerable<(string Name, NpyArray Array)> arrays, bool deflate = false)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays)
        {
            var entry = archive.CreateEntry(name + ".npy", deflate ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = s_time;
            using var body = entry.Open();
            NpyWriter.Write(body, array);
        }
    }
}
