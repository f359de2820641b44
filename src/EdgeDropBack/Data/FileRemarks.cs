namespace EdgeDropBack.Data;

/// <summary>Remarks on single files of a data set: one line for each kind, with the count and the first name.</summary>
/// <param name="kind">What the files are called.</param>
sealed class FileRemarks(string kind)
{
    readonly List<(string Remark, string First, int Count)> _remarks = [];

    public void Add(string file, string remark)
    {
        var at = _remarks.FindIndex(r => r.Remark == remark);
        if (at < 0) _remarks.Add((remark, file, 1));
        else _remarks[at] = _remarks[at] with { Count = _remarks[at].Count + 1 };
    }

    /// <param name="root">The data set.</param>
    public IEnumerable<string> Lines(string root) => _remarks.Select(r => $"{root}: {r.Count} {kind}, the first is {Printable.Name(r.First)}: {r.Remark}");
}
