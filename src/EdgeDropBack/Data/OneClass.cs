namespace EdgeDropBack.Data;

/// <summary>Data whose samples all have the same answer.</summary>
static class OneClass
{
    /// <summary>Which answer that is, as a message calls it; null where samples differ, or there are none.</summary>
    public static string? Of(Dataset data)
    {
        if (data.Count == 0) return null;
        if (data.Labels is { } labels)
        {
            if (labels.AsSpan().ContainsAnyExcept(labels[0])) return null;
            return data.ClassNames is { } names && labels[0] < names.Count ? $"class '{Printable.Name(names[labels[0]])}'" : $"class {labels[0]}";
        }
        if (data is not { Targets: { } targets, TargetLength: 1 } || targets.AsSpan(0, data.Count).ContainsAnyExcept(targets[0])) return null;
        return FormattableString.Invariant($"target {targets[0]}");
    }

    /// <summary>What the log says before training on it; null where there is nothing to say.</summary>
    public static string? Warning(Dataset data) => Of(data) is { } answer
        ? $"warning: all {data.Count} samples of {Printable.Name(data.Name)} are of {answer}: training may teach the model to answer nothing else; "
            + "add samples of other classes, or give --replay"
        : null;

    /// <summary>What the log says before measuring on it; null where there is nothing to say.</summary>
    public static string? Note(Dataset data) => Of(data) is { } answer
        ? $"all {data.Count} samples of {Printable.Name(data.Name)} are of {answer}: the figures say nothing about other classes"
        : null;

    /// <exception cref="EdbException">Exit code 3: a new last layer would have a single class.</exception>
    public static void RefuseNewHead(Dataset data)
    {
        if (data.Labels is null || data.ClassCount > 1) return;
        throw EdbException.Refused($"{Printable.Name(data.Name)}: all {data.Count} samples are of {Of(data) ?? "one class"}, and a new last layer needs two classes or more; "
            + "add samples of another class, such as background");
    }
}
