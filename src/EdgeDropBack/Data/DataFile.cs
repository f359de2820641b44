namespace EdgeDropBack.Data;

/// <summary>Opens data files, with errors a user can act on.</summary>
static class DataFile
{
    /// <summary>
    /// Opens for reading; refuses what is missing, empty or cannot be read. Pipes and devices have no length and count as empty.
    /// </summary>
    internal static FileStream Open(string path)
    {
        try
        {
            if (!File.Exists(path))
                throw EdbException.Refused($"{Printable.Name(path)}: no such file; check the path");
            if (IsWithoutLength(path))
                throw EdbException.Refused($"{Printable.Name(path)}: the file is empty; copy or write it again");
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>True for pipes and devices, where opening may wait and reading may never end, and for empty files.</summary>
    internal static bool IsWithoutLength(string path)
    {
        var info = new FileInfo(path);
        if (info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
            info = target;
        return info is { Exists: true, Length: 0 };
    }

    /// <summary>Opens a file that may be gzipped (told by its first two bytes).</summary>
    /// <param name="path">The file.</param>
    /// <param name="available">The most bytes that the stream can yield.</param>
    internal static Stream OpenMaybeGzip(string path, out long available)
    {
        var file = Open(path);
        available = file.Length;
        var gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        if (!gzip)
            return file;
        available = file.Length * DataLimits.MaxDeflateRatio;
        return new GzipFileStream(file, path);
    }

    internal static EdbException Unreadable(string path, Exception e) =>
        EdbException.Refused($"{Printable.Name(path)}: cannot be read ({Printable.Name(e.Message)}); check the path and its "
            + "permissions", e);
}
