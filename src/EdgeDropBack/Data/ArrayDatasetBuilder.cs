namespace EdgeDropBack.Data;

/// <summary>Fits arrays to the model: shape and layout, values that are not finite, labels or targets.</summary>
static class ArrayDatasetBuilder
{
    internal static Dataset Build(ArraySource source, DatasetOptions options)
    {
        var name = Printable.Name(source.Name);
        if (source.X.Shape.Length == 0 || source.X.Shape[0] == 0)
            throw EdbException.Refused($"{name}: no samples (x has shape {Printable.Shape(source.X.Shape)}); x is [samples, ...]");
        var count = source.X.Shape[0];
        if (source.Y.Shape.Length == 0 || source.Y.Shape[0] != count)
            throw EdbException.Refused(
                $"{name}: {count} samples, but labels of shape {Printable.Shape(source.Y.Shape)}; give each sample its label or targets");
        var (x, sampleShape) = FitShape(source, options);
        var length = x.Length / count;
        if (length == 0)
            throw EdbException.Refused($"{name}: samples of shape {Printable.Shape(sampleShape)} hold no values; write the file again");
        var skipped = new List<SkippedSample>(source.Skipped);
        var notes = new List<string>(source.Notes);
        var kept = FiniteSamples(source, x, length, options, skipped, notes);
        var target = SampleTargets.Read(source, kept, options, skipped);
        if (target.Kept.Length == 0)
            throw EdbException.Refused(
                $"{name}: none of {count} samples can be used, the first is {skipped[0].Name}: {skipped[0].Reason}; check how the "
                + "data was made");
        return new InMemoryDataset(
            x.Bytes, length * x.Type.Size(), target.Kept.Length == count ? null : target.Kept,
            new SampleTransform(x.Type, options.Preprocessing, length, source.Name))
        {
            Name = source.Name,
            Count = target.Kept.Length,
            SampleShape = sampleShape,
            SampleLength = length,
            Labels = target.Labels,
            Targets = target.Targets,
            TargetLength = options.TargetLength,
            ClassCount = target.ClassCount,
            ClassNames = target.Labels is null ? null : source.ClassNames ?? options.Labels,
            Skipped = skipped,
            Notes = notes,
        };
    }

    static (NpyArray X, int[] SampleShape) FitShape(ArraySource source, DatasetOptions options)
    {
        var x = source.X;
        var target = options.Preprocessing;
        var array = x.Shape.AsSpan(1);
        switch (SampleShapes.Match(array, target.InputShape, target.Layout, out var resolved))
        {
            case SampleShapes.Fit.Direct:
                return (x, resolved);
            case SampleShapes.Fit.OtherLayout:
                var (rows, columns) = target.Layout == ImageLayout.Nchw ? (array[0] * array[1], array[2]) : (array[0], array[1] * array[2]);
                var bytes = ElementOrder.TransposeEach(x.Bytes, x.Type.Size(), x.Shape[0], rows, columns);
                return (new NpyArray(x.Type, [x.Shape[0], .. resolved], bytes), resolved);
        }
        var isImage = ImageArray.TryGeometry(array, target.Channels, out var geometry);
        if (x.Type == NpyType.UInt8 && target.ConvertArrays && isImage && target is { Height: not null, Width: not null, Channels: > 0 })
            return ImageArray.Convert(x, geometry, options, source.Name);
        var wayOut = x.Type == NpyType.UInt8 && isImage
            ? "convert the images, or pass --size or --channels to have them converted"
            : "reshape or convert the data";
        throw EdbException.Refused(
            $"{Printable.Name(source.Name)}: samples have shape {Printable.Shape(array)}, the model takes "
            + $"{Printable.Shape(target.InputShape)}; {wayOut}");
    }

    static int[] FiniteSamples(
        ArraySource source, NpyArray x, int length, DatasetOptions options, List<SkippedSample> skipped, List<string> notes)
    {
        var count = x.Shape[0];
        if (x.Type == NpyType.UInt8)
            return [.. Enumerable.Range(0, count)];
        var kept = new List<int>(count);
        var values = new float[length];
        var sampleBytes = length * x.Type.Size();
        var (low, high) = (0f, 0f);
        for (var i = 0; i < count; i++)
        {
            NpyConvert.ToFloats(x.Type, x.Bytes.AsSpan(i * sampleBytes, sampleBytes), values);
            var bad = Array.FindIndex(values, value => !float.IsFinite(value));
            if (bad >= 0)
            {
                skipped.Add(new(source.SampleName(i), $"value {bad} is {(float.IsNaN(values[bad]) ? "NaN" : "infinite")}"));
                continue;
            }
            kept.Add(i);
            foreach (var value in values)
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        if (low >= 0 && high is > 100 and <= 255 && options.Preprocessing is { Mean: [], Std: [] })
            notes.Add($"{Printable.Name(source.Name)}: values reach {high} and are taken as they are; for 0..1 scaling pass --std 255");
        return [.. kept];
    }
}
