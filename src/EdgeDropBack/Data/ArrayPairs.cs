namespace EdgeDropBack.Data;

/// <summary>Finds the file of labels beside a file of samples, for .npy and IDX, whichever of the two was named.</summary>
static class ArrayPairs
{
    internal static ArraySource ReadNpz(string path, DatasetOptions options)
    {
        var file = NpzFile.Read(path, ["x", "y"], options.MaxBytes);
        if (file.TryGet("x", out var x) && file.TryGet("y", out var y))
            return new ArraySource(path, x, y);
        throw EdbException.Refused(
            $"{Printable.Name(path)}: no arrays x and y (it has {Printable.List(file.Names)}); save them with numpy.savez(path, "
            + "x=samples, y=labels)");
    }

    internal static ArraySource ReadNpy(string path, DatasetOptions options)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        var folder = Path.GetDirectoryName(path) ?? "";
        if (stem is not ("x" or "y") && !(stem.Length > 2 && stem[^1] is 'x' or 'y' && stem[^2] is '-' or '_'))
            throw EdbException.Refused($"{Printable.Name(path)}: samples and labels come as a pair; name them NAME-x.npy and NAME-y.npy");
        var x = Path.Combine(folder, stem[..^1] + "x.npy");
        var y = Path.Combine(folder, stem[..^1] + "y.npy");
        return new ArraySource(x, NpyReader.Read(x, options.MaxBytes), NpyReader.Read(y));
    }

    internal static ArraySource ReadIdx(string path, DatasetOptions options)
    {
        var file = Path.GetFileName(path);
        var folder = Path.GetDirectoryName(path) ?? "";
        var isLabels = file.Contains("labels", StringComparison.Ordinal);
        if (!isLabels && !file.Contains("images", StringComparison.Ordinal))
            throw EdbException.Refused(
                $"{Printable.Name(path)}: IDX samples and labels come as a pair; name them NAME-images-idx3-ubyte and "
                + "NAME-labels-idx1-ubyte");
        var partner = FindPartner(folder, file, isLabels);
        var (images, labels) = isLabels ? (partner, path) : (path, partner);
        return new ArraySource(images, IdxFile.Read(images, options.MaxBytes), IdxFile.Read(labels));
    }

    static string FindPartner(string folder, string file, bool isLabels)
    {
        var (from, to) = isLabels ? ("labels", "images") : ("images", "labels");
        var plain = file.EndsWith(".gz", StringComparison.Ordinal) ? file[..^3] : file;
        var renamed = plain.Replace(from, to, StringComparison.Ordinal);
        var at = renamed.LastIndexOf("idx", StringComparison.Ordinal);
        var axes = at >= 0 && at + 3 < renamed.Length && char.IsAsciiDigit(renamed[at + 3]);
        var digits = isLabels ? "3421" : "1";
        string[] wanted = axes ? [.. digits.Select(digit => $"{renamed[..(at + 3)]}{digit}{renamed[(at + 4)..]}")] : [renamed];
        foreach (var name in wanted)
            foreach (var candidate in new[] { name, name + ".gz" })
                if (File.Exists(Path.Combine(folder, candidate)))
                    return Path.Combine(folder, candidate);
        throw EdbException.Refused($"{Printable.Name(file)}: '{Printable.Name(wanted[0])}' (or .gz) is not beside it; put the pair "
            + "into one folder");
    }
}
