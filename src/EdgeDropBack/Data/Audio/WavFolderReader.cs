using System.Runtime.InteropServices;

namespace EdgeDropBack.Data;

/// <summary>A folder of recordings with one subfolder a class, turned into features once.</summary>
static class WavFolderReader
{
    /// <summary>Whether a folder's class folders hold recordings.</summary>
    internal static bool Takes(string root) => Directory.Exists(root) && Directory.EnumerateDirectories(root)
        .SelectMany(Directory.EnumerateFiles).FirstOrDefault(file => WavFile.IsSupported(file) || ImageDecoder.IsSupported(file)) is { } first
        && WavFile.IsSupported(first);

    /// <exception cref="EdbException">Exit code 3: the model's input is nothing that sound becomes.</exception>
    internal static AudioFeatures SettingsFor(string root, Preprocessing input, AudioOptions? options)
        => input is { InputShape: [3 or 4, _, _] or [_, _, 3 or 4] }
            ? throw EdbException.Refused($"{Printable.Name(root)}: a folder of recordings (WAV), but the model's input {Printable.Shape(input.InputShape)} takes images; "
                + "give images, or a model that takes one channel of [frames, bands]")
            : AudioFeatures.For(input, options);

    internal static ArraySource Read(string root, DatasetOptions options)
    {
        var name = Printable.Name(root);
        var settings = options.Preprocessing.Audio ?? SettingsFor(root, options.Preprocessing, null);
        var features = new LogMel(settings);
        var scan = ClassFolderScan.Scan(root, WavFile.IsSupported, "recordings");
        if (scan.Classes.Find(c => c.Files.Count == 0) is { Class: { } empty })
            throw EdbException.Refused($"{name}: folder '{Printable.Name(empty)}' has no recordings (WAV); add some, or remove the folder");
        var (index, classNames) = ClassMap.Resolve(root, "folder", scan.Classes.ConvertAll(c => c.Class), options);
        ImageArray.CheckMemory(root, scan.FileCount, 4L * features.Length, options, "recordings");
        var values = new float[scan.FileCount * features.Length];
        var (labels, files, skipped) = (new List<long>(), new List<string>(), new List<SkippedSample>());
        var remarks = new FileRemarks("recordings");
        foreach (var (className, paths) in scan.Classes)
        {
            var before = files.Count;
            foreach (var path in paths)
            {
                var file = Path.GetRelativePath(root, path);
                if (WavFile.Read(path, out var wav) is { } reason)
                {
                    skipped.Add(new(file, reason));
                    continue;
                }
                foreach (var note in wav!.Notes) remarks.Add(file, note);
                features.Compute(wav.Mono, wav.Rate, values.AsSpan(files.Count * features.Length, features.Length));
                labels.Add(index[className]);
                files.Add(file);
            }
            if (files.Count == before)
                throw EdbException.Refused($"{name}: none of the {paths.Count} recordings in folder '{Printable.Name(className)}' can be read "
                    + $"({Printable.Name(skipped[^1].Name)}: {skipped[^1].Reason}); replace them, or remove the folder");
        }
        var bytes = MemoryMarshal.AsBytes(values.AsSpan(0, files.Count * features.Length)).ToArray();
        List<string> notes = [$"{name}: {settings}"];
        if (skipped.Count > 0) notes.Add($"{name}: {skipped.Count} of {scan.FileCount} recordings cannot be read and are left out");
        notes.AddRange(remarks.Lines(name));
        notes.AddRange(scan.IgnoredNote());
        return new ArraySource(root, new NpyArray(NpyType.Float32, [files.Count, .. (options.Preprocessing with { Channels = 1 }).ImageShape()], bytes), NpyArray.From([.. labels], files.Count))
        {
            SampleName = i => files[i],
            Skipped = skipped,
            Notes = notes,
            ClassNames = classNames,
        };
    }
}
