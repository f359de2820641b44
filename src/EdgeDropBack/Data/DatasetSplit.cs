namespace EdgeDropBack.Data;

/// <summary>A training part and a held-out part of one data set.</summary>
static class DatasetSplit
{
    /// <summary>
    /// Splits stratified: round(n * fraction) samples of each class are held out, never fewer than 1 nor more than n-1; a class with a
    /// single
    /// sample keeps it for training. Data with float targets counts as one class. Which samples: the lowest <see cref="SampleOrder.Hash"/>
    /// of
    /// their position. Both parts keep the data's order.
    /// </summary>
    /// <param name="dataset">At least 2 samples, or the split is refused.</param>
    /// <param name="fraction">Share held out, above 0 and below 1.</param>
    /// <param name="seed">The run's seed.</param>
    public static (DatasetSubset Train, DatasetSubset HeldOut) Split(Dataset dataset, double fraction, ulong seed)
    {
        if (!(fraction > 0 && fraction < 1))
            throw EdbException.Usage($"the held-out share is {fraction}, expected above 0 and below 1");
        var held = new bool[dataset.Count];
        var classes = Math.Max(1, dataset.Labels is { Length: > 0 } labels ? labels.Max() + 1 : 1);
        var members = new List<int>[classes];
        for (var i = 0; i < dataset.Count; i++)
            (members[dataset.Labels?[i] ?? 0] ??= []).Add(i);
        foreach (var member in members)
            if (member is { Count: >= 2 })
                Hold(member, fraction, seed, held);
        var heldOut = Positions(held, true);
        if (heldOut.Length == 0)
            throw EdbException.Refused(
                $"{dataset.Name}: no class has 2 samples ({dataset.Count} in all{Dropped(dataset)}), nothing can be held out; add samples, or pass --test");
        return (new DatasetSubset(dataset, Positions(held, false)), new DatasetSubset(dataset, heldOut));
    }

    /// <summary>Samples that were there and are not among those counted.</summary>
    static string Dropped(Dataset dataset) => dataset.Skipped.Count == 0 ? ""
        : $"; {dataset.Skipped.Count} that cannot be used were dropped, the first is {string.Join(", then ", dataset.SkippedLines.Take(3))}";

    static void Hold(List<int> member, double fraction, ulong seed, bool[] held)
    {
        var keys = member.Select(i => (Hash: SampleOrder.Hash(seed, (uint)i), Index: i)).ToArray();
        Array.Sort(keys);
        var count = Math.Clamp((int)(member.Count * fraction + 0.5), 1, member.Count - 1);
        for (var i = 0; i < count; i++)
            held[keys[i].Index] = true;
    }

    static int[] Positions(bool[] held, bool value)
    {
        var positions = new List<int>(held.Length);
        for (var i = 0; i < held.Length; i++)
            if (held[i] == value)
                positions.Add(i);
        return [.. positions];
    }
}
