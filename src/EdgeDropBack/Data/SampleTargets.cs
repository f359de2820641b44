namespace EdgeDropBack.Data;

/// <summary>Labels, targets or both for the samples that stay.</summary>
sealed record SampleTargets(int[] Kept, int[]? Labels, float[]? Targets, int ClassCount)
{
    /// <summary>
    /// Integers [N] (or [N,1], or one-hot rows) are labels unless one float target a sample is asked for. A label out of range is refused;
    /// a
    /// target that is not finite drops its sample.
    /// </summary>
    internal static SampleTargets Read(ArraySource source, int[] kept, DatasetOptions options, List<SkippedSample> skipped)
    {
        var count = source.X.Shape[0];
        var width = source.Y.Length / count;
        var asked = options.TargetLength;
        var ownClasses = source.ClassNames is not null;
        if (asked > 0 && !ownClasses && width == asked)
            return Floats(source, kept, width, skipped);
        var labels = ReadLabels(source, kept, width, options);
        return asked == 0 || labels.Labels is null ? labels : labels with { Targets = Spread(source, labels, options) };
    }

    static SampleTargets Floats(ArraySource source, int[] kept, int width, List<SkippedSample> skipped)
    {
        var all = source.Y.ReadFloats();
        var finite = new List<int>(kept.Length);
        foreach (var i in kept)
            if (AllFinite(all.AsSpan(i * width, width)))
                finite.Add(i);
            else
                skipped.Add(new(source.SampleName(i), "a target is not finite"));
        var targets = new float[finite.Count * width];
        for (var row = 0; row < finite.Count; row++)
            all.AsSpan(finite[row] * width, width).CopyTo(targets.AsSpan(row * width));
        return new([.. finite], null, targets, 0);
    }

    static SampleTargets ReadLabels(ArraySource source, int[] kept, int width, DatasetOptions options)
    {
        var name = Printable.Name(source.Name);
        var raw = width == 1 && (source.Y.Type.IsInteger() || AllWhole(source.Y))
            ? source.Y.ReadInt64s($"{source.Name}(y)")
            : OneHot(source.Y, width);
        if (raw is null)
            throw EdbException.Refused(options.TargetLength > 0
                ? $"{name}: targets of shape {Printable.Shape(source.Y.Shape)}, the model's output needs {options.TargetLength} a "
                + "sample; reshape y"
                : $"{name}: y is {source.Y.Type} {Printable.Shape(source.Y.Shape)}, expected integer labels [samples]; save labels as "
                + "int64, or pass --loss mse or bce");
        var classes = source.ClassNames?.Count ?? (options.NewHead ? options.Labels?.Count ?? 0 : options.ClassCount);
        var limit = classes > 0 ? classes : DataLimits.MaxClasses;
        var labels = new int[kept.Length];
        for (var row = 0; row < kept.Length; row++)
        {
            var label = raw[kept[row]];
            if (label < 0 || label >= limit)
                throw EdbException.Refused(
                    $"{name}: {source.SampleName(kept[row])} has label {label}, allowed are 0..{limit - 1}; fix the label"
                    + (options.NewHead || classes == 0 ? "" : ", or personalize with --new-head, which trains a new last layer for these classes"));
            labels[row] = (int)label;
        }
        return new(kept, labels, null, classes > 0 ? classes : labels.Length == 0 ? 0 : labels.Max() + 1);
    }

    static float[] Spread(ArraySource source, SampleTargets labels, DatasetOptions options)
    {
        var width = options.TargetLength;
        if (width > 1 ? labels.ClassCount > width : labels.ClassCount > 2)
            throw EdbException.Refused(
                $"{Printable.Name(source.Name)}: {labels.ClassCount} classes for {width} outputs; pass --loss ce, or data with "
                + $"{width} targets a sample");
        var targets = new float[labels.Labels!.Length * width];
        for (var row = 0; row < labels.Labels.Length; row++)
            if (width == 1)
                targets[row] = labels.Labels[row];
            else
                targets[row * width + labels.Labels[row]] = 1f;
        return targets;
    }

    static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!float.IsFinite(value))
                return false;
        return true;
    }

    static bool AllWhole(NpyArray y)
    {
        for (var i = 0; i < y.Length; i++)
            if (NpyConvert.ToInt64(y.Type, y.Bytes, i) is null)
                return false;
        return true;
    }

    static long[]? OneHot(NpyArray y, int width)
    {
        if (width < 2)
            return null;
        var labels = new long[y.Length / width];
        Array.Fill(labels, -1);
        for (var i = 0; i < y.Length; i++)
            switch (NpyConvert.ToInt64(y.Type, y.Bytes, i))
            {
                case 0:
                    break;
                case 1 when labels[i / width] < 0:
                    labels[i / width] = i % width;
                    break;
                default:
                    return null;
            }
        return Array.IndexOf(labels, -1) < 0 ? labels : null;
    }
}
