namespace EdgeDropBack.Data;

/// <summary>Names that a mistyped one may have meant.</summary>
static class NearestNames
{
    const int Offered = 3, LongestCompared = 128;

    /// <returns>The nearest by edit distance, ties in the order given, quoted; of long lists and names as much as a message takes.</returns>
    public static string List(string name, IEnumerable<string> candidates) => Printable.List([.. candidates.Distinct(StringComparer.Ordinal)
        .OrderBy(candidate => Distance(Cut(name), Cut(candidate))).Take(Offered)]);

    /// <returns>" (did you mean 'x'?)" naming the candidate that is a typing error away; empty where none is.</returns>
    public static string DidYouMean(string name, IEnumerable<string> candidates)
    {
        var (nearest, distance) = (default(string), Math.Max(1, Math.Min(name.Length, LongestCompared) / 3) + 1);
        foreach (var candidate in candidates)
            if (Distance(Cut(name), Cut(candidate)) is var other && other < distance && other < candidate.Length) (nearest, distance) = (candidate, other);
        return nearest is null ? "" : $" (did you mean '{Printable.Name(nearest)}'?)";
    }

    static string Cut(string name) => name.Length > LongestCompared ? name[..LongestCompared] : name;

    /// <summary>Edit distance regardless of case, where two letters that change places count once.</summary>
    static int Distance(string a, string b)
    {
        var (before, above, row) = (new int[b.Length + 1], new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray());
        for (var i = 1; i <= a.Length; i++)
        {
            (before, above, row) = (above, row, before);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(above[j - 1] + (Same(i, j) ? 0 : 1), 1 + Math.Min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && Same(i, j - 1) && Same(i - 1, j)) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
        }
        return row[b.Length];

        bool Same(int i, int j) => char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
    }
}
