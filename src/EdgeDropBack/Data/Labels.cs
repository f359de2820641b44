using System.Text;

namespace EdgeDropBack.Data;

/// <summary>Class names from a text file: UTF-8, one a line, in output order.</summary>
static class Labels
{
    /// <summary>Reads the names; a byte order mark, CRLF, surrounding blanks and blank lines at the end are tolerated.</summary>
    public static IReadOnlyList<string> Read(string path)
    {
        var bytes = ReadOnce(path);
        var lines = Decode(bytes, path).TrimStart('\uFEFF').TrimEnd().Split('\n');
        var names = new List<string>(lines.Length);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var name = line.Trim();
            if (name.Length == 0)
                throw EdbException.Refused($"{Printable.Name(path)}: line {names.Count + 1} is empty; give one class name a line");
            if (!seen.Add(name))
                throw EdbException.Refused($"{Printable.Name(path)}: line {names.Count + 1} repeats '{Printable.Name(name)}'; each "
                    + "class has its own name");
            names.Add(name);
        }
        return names.Count <= DataLimits.MaxClasses
            ? names
            : throw EdbException.Refused($"{Printable.Name(path)}: {names.Count} classes, the limit is {DataLimits.MaxClasses}; check "
            + "the path");
    }

    /// <summary>Files and pipes alike: in order, and each byte once.</summary>
    static byte[] ReadOnce(string path)
    {
        if (!File.Exists(path)) throw EdbException.Refused($"{Printable.Name(path)}: no such file; check the path");
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            using var content = new MemoryStream();
            var block = new byte[1 << 14];
            for (int got; (got = stream.Read(block)) > 0;)
            {
                content.Write(block, 0, got);
                if (content.Length > DataLimits.MaxLabelsFileBytes)
                    throw EdbException.Refused($"{Printable.Name(path)}: a labels file has at most {DataLimits.MaxLabelsFileBytes} bytes; check the path");
            }
            return content.Length > 0 ? content.ToArray() : throw EdbException.Refused($"{Printable.Name(path)}: the file is empty; copy or write it again");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFile.Unreadable(path, e);
        }
    }

    static string Decode(byte[] bytes, string path)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw EdbException.Refused($"{Printable.Name(path)}: not UTF-8 text (byte {e.Index}); save it as UTF-8", e);
        }
    }
}
