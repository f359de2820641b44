using System.Globalization;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>What reading changed files of one kind came to.</summary>
/// <param name="SlowestMilliseconds">Most processor time that one file took, of all threads; on a busy machine a clock tells little.</param>
/// <param name="PeakAllocatedBytes">Most managed bytes that one file made the reader allocate, in all.</param>
/// <param name="PeakResidentBytes">The process's highest resident memory so far.</param>
/// <param name="Failures">Files that broke a rule, the first ten.</param>
sealed record HostileFigures(string Kind, int Files, int Refused, double SlowestMilliseconds, int SlowestIndex, long PeakAllocatedBytes, long PeakResidentBytes,
    IReadOnlyList<string> Failures)
{
    public const string Heading = "| kind | files | refused | accepted | slowest, ms | most allocated for one, MB | cap, MB | peak resident, MB |\n"
        + "|---|---|---|---|---|---|---|---|";

    public string Row(long cap) => string.Create(CultureInfo.InvariantCulture, $"| {Kind} | {Files} | {Refused} | {Files - Refused} | {SlowestMilliseconds:F0} "
        + $"| {PeakAllocatedBytes / 1e6:F1} | {cap / 1e6:F0} | {PeakResidentBytes / 1e6:F0} |");
}
