namespace EdgeDropBack.Data;

/// <summary>
/// Opens what <c>--data</c> names: .npz (x, y), a pair of .npy, IDX (gzipped or not), CSV, or a folder with one subfolder of images or
/// recordings a class.
/// Everything is read and checked at once; what cannot be used is refused by name with the way out.
/// </summary>
public static class DatasetLoader
{
    /// <param name="path">A file, one of a pair of files, the part of a pair's name before "-x.npy", or a folder.</param>
    /// <param name="options">The model's side.</param>
    public static Dataset Open(string path, DatasetOptions options)
    {
        options.Preprocessing.Check();
        ClassMap.CheckLabelCount(options);
        try
        {
            return ArrayDatasetBuilder.Build(Read(path, options), options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFile.Unreadable(path, e);
        }
    }

    static ArraySource Read(string path, DatasetOptions options)
    {
        if (Directory.Exists(path))
            return ReadFolder(path, options);
        if (!File.Exists(path))
            return File.Exists(path + "-x.npy")
                ? ArrayPairs.ReadNpy(path + "-x.npy", options)
                : throw EdbException.Refused($"{Printable.Name(path)}: no such file or folder; check the path");
        if (HasExtension(path, ".csv") || HasExtension(path, ".tsv") || HasExtension(path, ".csv.gz") || HasExtension(path, ".tsv.gz"))
            return CsvDatasetReader.Read(path, options);
        Span<byte> head = stackalloc byte[6];
        int got;
        using (var stream = DataFile.OpenMaybeGzip(path, out _))
            got = ReadHead(stream, head, path);
        head = head[..got];
        if (head.StartsWith("PK"u8))
            return ArrayPairs.ReadNpz(path, options);
        if (head.Length > 1 && head[1..].StartsWith("NUMPY"u8))
            return ArrayPairs.ReadNpy(path, options);
        if (head.StartsWith<byte>([0, 0]))
            return ArrayPairs.ReadIdx(path, options);
        throw EdbException.Refused(
            $"{Printable.Name(path)}: neither .npz, .npy, IDX nor .csv (it starts with {Convert.ToHexStringLower(head)}); convert the "
            + "data to one of these");
    }

    static ArraySource ReadFolder(string path, DatasetOptions options)
    {
        var npy = Files(path, "x.npy").Where(f => Path.GetFileName(f) is var n && (n == "x.npy" || n[^6] is '-' or '_')).ToArray();
        if (npy.Length > 0)
            return ArrayPairs.ReadNpy(Only(path, npy), options);
        var idx = Files(path, "").Where(f => Path.GetFileName(f) is var n
            && n.Contains("images", StringComparison.Ordinal) && n.Contains("idx", StringComparison.Ordinal)).ToArray();
        if (idx.Length > 0) return ArrayPairs.ReadIdx(Only(path, idx), options);
        if (WavFolderReader.Takes(path)) return WavFolderReader.Read(path, options);
        if (options.Preprocessing.Audio is { } audio && Directory.EnumerateDirectories(path).SelectMany(Directory.EnumerateFiles).Any(ImageDecoder.IsSupported))
            throw EdbException.Refused($"{Printable.Name(path)}: a folder of images, but the model takes recordings ({audio}); give WAV files, or leave out --audio and --store");
        return ImageFolderReader.Read(path, options);
    }

    static string Only(string folder, string[] files) => files.Length == 1
        ? files[0]
        : throw EdbException.Refused(
            $"{Printable.Name(folder)}: {files.Length} data sets ({Printable.List([.. files.Select(f => Path.GetFileName(f))])}); "
            + "pass the path of one of them");

    static string[] Files(string folder, string ending)
    {
        var files = Array.FindAll(Directory.GetFiles(folder), f => f.EndsWith(ending, StringComparison.Ordinal));
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    static int ReadHead(Stream stream, Span<byte> head, string path)
    {
        try
        {
            return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw EdbException.Refused($"{Printable.Name(path)}: the compressed data is damaged; copy or write the file again", e);
        }
    }

    static bool HasExtension(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
