using System.Globalization;

namespace EdgeDropBack.Data;

/// <summary>Which output each class name found in the data stands for.</summary>
static class ClassMap
{
    /// <summary>
    /// With labels every name must be among them. With a new last layer and no labels the names themselves are the classes, sorted
    /// ordinally
    /// (0..n-1 by number). Otherwise only the numbers 0..n-1, as many as the model has classes, are taken.
    /// </summary>
    /// <param name="where">File or folder, for messages.</param>
    /// <param name="what">"folder" or "label".</param>
    /// <param name="found">Distinct names.</param>
    /// <param name="options">Labels, class count, new head.</param>
    /// <returns>Output index by name, and the names in output order.</returns>
    internal static (Dictionary<string, int> Index, IReadOnlyList<string> ClassNames) Resolve(
        string where, string what, IReadOnlyCollection<string> found, DatasetOptions options)
    {
        if (options.Labels is { } labels)
            return (AmongLabels(where, what, found, labels, options), labels);
        var sorted = found.ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        var numeric = sorted.All(name => IsIndexBelow(name, sorted.Length));
        if (numeric)
            sorted = [.. Enumerable.Range(0, sorted.Length).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        if (!options.NewHead && !(numeric && (options.ClassCount == 0 || options.ClassCount == sorted.Length)))
            throw EdbException.Refused(
                $"{Printable.Name(where)}: the {what}s {Printable.List(sorted)} do not say which of the model's {Classes(options)} "
                + "they are; "
                + $"pass --labels FILE with the model's class names in output order (and name the {what}s after them), "
                + "or personalize with --new-head, which trains a new last layer for these classes");
        return (sorted.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal), sorted);
    }

    /// <summary>Labels must be as many as the model's outputs, unless the last layer is replaced.</summary>
    internal static void CheckLabelCount(DatasetOptions options)
    {
        if (options is { Labels: { } labels, NewHead: false, ClassCount: > 0 } && labels.Count != options.ClassCount)
            throw EdbException.Refused(
                $"the labels name {labels.Count} classes, the model has {options.ClassCount}; list them all in output order, or pass "
                + "--new-head");
    }

    static Dictionary<string, int> AmongLabels(
        string where, string what, IReadOnlyCollection<string> found, IReadOnlyList<string> labels, DatasetOptions options)
    {
        var index = labels.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        var unmatched = found.Where(name => !index.ContainsKey(name)).Order(StringComparer.Ordinal).ToArray();
        if (unmatched.Length == 0)
            return index;
        var source = options.LabelSource == DatasetOptions.LabelOption ? "labels" : $"classes of {options.LabelSource}";
        var wayOut = options.LabelSource != DatasetOptions.LabelOption
            ? $"rename the {what}s to match them, or leave those samples out"
            : options.NewHead
            ? $"rename the {what}s to match the labels, or leave out --labels so that the {what}s define the classes"
            : $"rename the {what}s to match the labels, or personalize with --new-head, which trains a new last layer for these classes";
        var composed = unmatched.SelectMany(name => labels.Where(label => UnicodeForms.LookAlike(name, label)).Select(label => UnicodeForms.Difference(what, name, label))).FirstOrDefault();
        throw EdbException.Refused(
            $"{Printable.Name(where)}: {what}s {Printable.List(unmatched)} are not among the {labels.Count} {source} "
            + $"({Printable.List(labels)}){composed ?? Meant(unmatched, labels)}; {wayOut}");
    }

    /// <summary>The label that the first mistyped name comes near to; numbers are no typing errors of each other.</summary>
    static string Meant(IReadOnlyList<string> unmatched, IReadOnlyList<string> labels) => unmatched.Where(name => !name.Any(char.IsDigit))
        .Select(name => NearestNames.DidYouMean(name, labels)).FirstOrDefault(meant => meant.Length > 0) ?? "";

    static string Classes(DatasetOptions options) => options.ClassCount > 0 ? $"{options.ClassCount} classes" : "classes";

    static bool IsIndexBelow(string name, int count) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value < count && value.ToString(CultureInfo.InvariantCulture) == name;
}
