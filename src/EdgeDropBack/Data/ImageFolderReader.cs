namespace EdgeDropBack.Data;

/// <summary>A folder of images with one subfolder a class, decoded once into bytes of the model's size, channels and layout.</summary>
static class ImageFolderReader
{
    internal static ArraySource Read(string root, DatasetOptions options)
    {
        var target = options.Preprocessing;
        var name = Printable.Name(root);
        var scan = ClassFolderScan.Scan(root, ImageDecoder.IsSupported, "images");
        if (target is not { Height: not null, Width: not null, Channels: > 0 })
            throw EdbException.Refused($"{name}: the model's input {Printable.Shape(target.InputShape)} " + (target.InputShape.Any(size => size < 1)
                ? $"does not say what size its images have; pass --size{(target.Channels > 0 ? "" : " and --channels")}"
                : "takes no images; give arrays of that shape, such as an .npz"));
        if (scan.Classes.Find(c => c.Files.Count == 0) is { Class: { } empty })
            throw EdbException.Refused($"{name}: folder '{Printable.Name(empty)}' has no images ({ImageDecoder.Formats}); add some, "
                + "or remove the folder");
        var (index, classNames) = ClassMap.Resolve(root, "folder", scan.Classes.ConvertAll(c => c.Class), options);
        var shape = target.ImageShape();
        var length = (int)SampleShapes.Length(shape);
        ImageArray.CheckMemory(root, scan.FileCount, length, options);
        var bytes = GC.AllocateUninitializedArray<byte>(scan.FileCount * length);
        var labels = new List<long>(scan.FileCount);
        var files = new List<string>(scan.FileCount);
        var skipped = new List<SkippedSample>();
        var remarks = new FileRemarks("images");
        foreach (var (className, paths) in scan.Classes)
        {
            var before = files.Count;
            foreach (var path in paths)
            {
                var file = Path.GetRelativePath(root, path);
                if (ImageDecoder.Decode(path, out var image) is { } reason)
                {
                    skipped.Add(new(file, reason));
                    continue;
                }
                if (image.Note is { } note) remarks.Add(file, note);
                image.Fit(target).CopyTo(bytes, files.Count * length);
                labels.Add(index[className]);
                files.Add(file);
            }
            if (files.Count == before)
                throw EdbException.Refused(
                    $"{name}: none of the {paths.Count} images in folder '{Printable.Name(className)}' can be read "
                    + $"({Printable.Name(skipped[^1].Name)}: {skipped[^1].Reason}); replace them, or remove the folder");
        }
        if (files.Count < scan.FileCount)
            Array.Resize(ref bytes, files.Count * length);
        return new ArraySource(root, new NpyArray(NpyType.UInt8, [files.Count, .. shape], bytes), NpyArray.From([.. labels], files.Count))
        {
            SampleName = i => files[i],
            Skipped = skipped,
            Notes = [.. remarks.Lines(name), .. scan.IgnoredNote()],
            ClassNames = classNames,
        };
    }
}
