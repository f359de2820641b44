using System.IO.Compression;

namespace EdgeDropBack.Data;

/// <summary>The arrays of an .npz file by name, in the file's order. Checksums are verified.</summary>
sealed class NpzFile
{
    readonly Dictionary<string, NpyArray> _arrays = [];
    readonly List<string> _names = [];

    NpzFile()
    {
    }

    /// <summary>Array names in the file's order, without ".npy".</summary>
    public IReadOnlyList<string> Names => _names;

    public NpyArray this[string name] => _arrays[name];

    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out NpyArray? array) =>
        _arrays.TryGetValue(name, out array);

    /// <summary>Reads every array.</summary>
    public static NpzFile Read(string path, long maxBytes = DataLimits.MaxArrayBytes) => Read(path, null, maxBytes);

    /// <param name="path">The file.</param>
    /// <param name="only">Names to read, null for all; <see cref="Names"/> lists the others too.</param>
    /// <param name="maxBytes">The cap on all arrays together.</param>
    internal static NpzFile Read(string path, IReadOnlyCollection<string>? only, long maxBytes)
    {
        using var stream = DataFile.Open(path);
        var file = new NpzFile();
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            if (archive.Entries.Count > DataLimits.MaxNpzEntries)
                throw EdbException.Refused(
                    $"{Printable.Name(path)}: {archive.Entries.Count} arrays, the limit is {DataLimits.MaxNpzEntries}; save fewer "
                    + "into one file");
            foreach (var entry in archive.Entries)
                maxBytes -= file.Add(entry, path, stream.Length, only, maxBytes);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            throw EdbException.Refused($"{Printable.Name(path)}: a damaged .npz ({Printable.Name(e.Message)}); save it again with "
                + "numpy.savez", e);
        }
        return file;
    }

    long Add(ZipArchiveEntry entry, string path, long fileLength, IReadOnlyCollection<string>? only, long maxBytes)
    {
        if (!entry.FullName.EndsWith(".npy", StringComparison.Ordinal))
            return 0;
        var name = entry.FullName[..^4];
        if (_names.Contains(name))
            throw EdbException.Refused($"{Printable.Name(path)}: two arrays are named '{Printable.Name(name)}'; save each once");
        _names.Add(name);
        if (only is not null && !only.Contains(name))
            return 0;
        var label = $"{path}({entry.FullName})";
        if (entry.IsEncrypted)
            throw EdbException.Refused($"{Printable.Name(label)}: encrypted; save it without a password");
        using var inflated = entry.Open();
        using var checksummed = new Crc32Stream(inflated);
        var available = Math.Min(entry.Length, Math.Min(entry.CompressedLength, fileLength) * DataLimits.MaxDeflateRatio);
        var array = NpyReader.Read(checksummed, label, available, maxBytes);
        if (checksummed.Value != entry.Crc32)
            throw EdbException.Refused(
                $"{Printable.Name(label)}: checksum {checksummed.Value:x8}, expected {entry.Crc32:x8}; copy or write the file again");
        _arrays.Add(name, array);
        return array.Bytes.LongLength;
    }
}
