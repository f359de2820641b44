using EdgeDropBack.Data;

namespace EdgeDropBack.Prefixes;

/// <summary>Names that a mistyped one may have meant.</summary>
static class NearestNames
{
    const int Offered = 3, LongestCompared = 128;

    /// <returns>The nearest by edit distance, ties in the order given, quoted; of long lists and names as much as a message takes.</returns>
    public static string List(string name, IEnumerable<string> candidates) => Printable.List([.. candidates.Distinct(StringComparer.Ordinal)
        .OrderBy(candidate => Distance(Cut(name), Cut(candidate))).Take(Offered)]);

    static string Cut(string name) => name.Length > LongestCompared ? name[..LongestCompared] : name;

    static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[b.Length];
    }
}
