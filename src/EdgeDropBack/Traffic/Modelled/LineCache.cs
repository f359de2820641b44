namespace EdgeDropBack.Traffic;

/// <summary>A set-associative cache of lines with least-recently-used replacement, write-allocate and write-back.</summary>
sealed class LineCache
{
    readonly long _sets;
    readonly int _ways;

    /// <summary>[sets, ways] line numbers + 1, most recently used first; 0 where nothing lies.</summary>
    readonly long[] _lines;

    /// <summary>[sets, ways] who wrote the line last, + 1; 0 while it is clean.</summary>
    readonly int[] _writers;

    public LineCache(long sets, int ways)
    {
        (_sets, _ways) = (sets, ways);
        _lines = new long[sets * ways];
        _writers = new int[sets * ways];
    }

    /// <summary>Reads or writes a line, bringing it in where it is missing.</summary>
    /// <param name="writer">0 or more for a write, -1 for a read.</param>
    /// <param name="evicted">The writer of the line that had to be written back; -1 for none.</param>
    /// <returns>Whether the line was there.</returns>
    public bool Touch(long line, int writer, out int evicted)
    {
        var set = (int)(line % _sets) * _ways;
        var lines = _lines.AsSpan(set, _ways);
        var writers = _writers.AsSpan(set, _ways);
        evicted = -1;
        if (lines[0] == line + 1)
        {
            if (writer >= 0) writers[0] = writer + 1;
            return true;
        }
        var way = lines[1..].IndexOf(line + 1) + 1;
        var isHit = way > 0;
        if (!isHit)
        {
            way = _ways - 1;
            evicted = writers[way] - 1;
        }
        var kept = isHit ? writers[way] : 0;
        lines[..way].CopyTo(lines[1..]);
        writers[..way].CopyTo(writers[1..]);
        lines[0] = line + 1;
        writers[0] = writer >= 0 ? writer + 1 : kept;
        return isHit;
    }
}
